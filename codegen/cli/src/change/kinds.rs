//! The kinds of changes, and the reasons for their levels.

use super::Level;
use crate::diagnostic::Code;

macro_rules! kinds {
    ($($kind:ident $name:literal $level:ident $why:literal)*) => {
        /// A kind of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ChangeKind {
            $(
                #[doc = concat!("`", $name, "`")]
                $kind,
            )*
        }

        impl ChangeKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Returns the name in settings and files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }

            /// The code of its diagnostics: its name.
            pub fn code(self) -> Code {
                Code::new(self.name())
            }

            /// Returns the level, if nothing else decides it.
            pub fn level(self) -> Level {
                match self { $(Self::$kind => Level::$level),* }
            }

            /// Returns the reason for the level; empty for safe changes.
            pub fn why(self) -> &'static str {
                match self { $(Self::$kind => $why),* }
            }
        }
    };
}

kinds! {
    TypeRemoved "type-removed" Breaking "operations that name the type, or select fields of it, are rejected"
    TypeKindChanged "type-kind-changed" Breaking "selections and values of one kind are invalid for another"
    TypeAdded "type-added" Safe ""
    FieldRemoved "field-removed" Breaking "operations that select it are rejected"
    FieldTypeChanged "field-type-changed" Breaking "responses contain values that clients do not expect: null, a list, or another type"
    FieldTypeNarrowed "field-type-narrowed" Safe ""
    FieldAdded "field-added" Safe ""
    Deprecated "deprecated" Safe ""
    DeprecationRemoved "deprecation-removed" Safe ""
    DeprecationReasonChanged "deprecation-reason-changed" Safe ""
    ArgumentRemoved "argument-removed" Breaking "operations that set it are rejected"
    RequiredArgumentAdded "required-argument-added" Breaking "operations that omit it are rejected"
    OptionalArgumentAdded "optional-argument-added" Dangerous "operations that omit it depend on the server's behaviour without it"
    ArgumentTypeChanged "argument-type-changed" Breaking "values that were valid are rejected"
    ArgumentTypeWidened "argument-type-widened" Safe ""
    ArgumentDefaultChanged "argument-default-changed" Dangerous "operations that omit it get different responses"
    RequiredInputFieldAdded "required-input-field-added" Breaking "values without it are rejected"
    OptionalInputFieldAdded "optional-input-field-added" Safe ""
    DefaultedInputFieldAdded "defaulted-input-field-added" Dangerous "values that omit it get its default"
    InputFieldRemoved "input-field-removed" Breaking "values with it are rejected"
    InputFieldTypeChanged "input-field-type-changed" Breaking "values that were valid are rejected"
    InputFieldTypeWidened "input-field-type-widened" Safe ""
    InputFieldDefaultChanged "input-field-default-changed" Dangerous "operations that omit it get different responses"
    OneOfAdded "one-of-added" Breaking "values with more than one field, or none, are rejected"
    OneOfRemoved "one-of-removed" Safe ""
    EnumValueRemoved "enum-value-removed" Breaking "operations that send it are rejected"
    EnumValueAdded "enum-value-added" Dangerous "clients get a value that they may not know"
    UnionMemberRemoved "union-member-removed" Breaking "type conditions on it are rejected"
    UnionMemberAdded "union-member-added" Dangerous "clients get an object of a type that they may not know"
    InterfaceRemoved "interface-removed" Breaking "type conditions that rely on it are rejected"
    InterfaceAdded "interface-added" Dangerous "clients of the interface get an object of a type that they may not know"
    RootTypeChanged "root-type-changed" Breaking "operations of the kind select from another type"
    RootTypeAdded "root-type-added" Safe ""
    SpecifiedByChanged "specified-by-changed" Dangerous "values of the scalar may have another representation"
    DirectiveRemoved "directive-removed" Breaking "operations that use it are rejected"
    DirectiveAdded "directive-added" Safe ""
    DirectiveArgumentRemoved "directive-argument-removed" Breaking "operations that set it are rejected"
    RequiredDirectiveArgumentAdded "required-directive-argument-added" Breaking "operations that omit it are rejected"
    OptionalDirectiveArgumentAdded "optional-directive-argument-added" Safe ""
    DirectiveArgumentTypeChanged "directive-argument-type-changed" Breaking "values that were valid are rejected"
    DirectiveArgumentTypeWidened "directive-argument-type-widened" Safe ""
    DirectiveArgumentDefaultChanged "directive-argument-default-changed" Dangerous "operations that omit it get different behaviour"
    DirectiveLocationRemoved "directive-location-removed" Breaking "operations that use it there are rejected"
    DirectiveLocationAdded "directive-location-added" Safe ""
    DirectiveRepeatableRemoved "directive-repeatable-removed" Breaking "operations that repeat it are rejected"
    DirectiveRepeatableAdded "directive-repeatable-added" Safe ""
    DescriptionChanged "description-changed" Safe ""
    AppliedDirectiveChanged "applied-directive-changed" Safe ""
}

impl ChangeKind {
    /// Returns the kind with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
