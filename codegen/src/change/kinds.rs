//! The kinds of changes, and why each is what it is.

use super::Level;

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

            /// Its name, in settings and files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }

            /// What it means, if nothing else decides.
            pub fn level(self) -> Level {
                match self { $(Self::$kind => Level::$level),* }
            }

            /// Why; empty for what is safe.
            pub fn why(self) -> &'static str {
                match self { $(Self::$kind => $why),* }
            }
        }
    };
}

kinds! {
    TypeRemoved "type-removed" Breaking "operations that name the type, or select fields of it, are refused"
    TypeKindChanged "type-kind-changed" Breaking "what could be selected or sent as one kind cannot be as another"
    TypeAdded "type-added" Safe ""
    FieldRemoved "field-removed" Breaking "operations that select it are refused"
    FieldTypeChanged "field-type-changed" Breaking "answers hold values that clients do not expect: null, a list, or another type"
    FieldTypeNarrowed "field-type-narrowed" Safe ""
    FieldAdded "field-added" Safe ""
    Deprecated "deprecated" Safe ""
    DeprecationRemoved "deprecation-removed" Safe ""
    DeprecationReasonChanged "deprecation-reason-changed" Safe ""
    ArgumentRemoved "argument-removed" Breaking "operations that give it are refused"
    RequiredArgumentAdded "required-argument-added" Breaking "operations that do not give it are refused"
    OptionalArgumentAdded "optional-argument-added" Dangerous "who does not give it gets whatever the server does without it"
    ArgumentTypeChanged "argument-type-changed" Breaking "values that were allowed are refused"
    ArgumentTypeWidened "argument-type-widened" Safe ""
    ArgumentDefaultChanged "argument-default-changed" Dangerous "who does not give it gets another answer"
    RequiredInputFieldAdded "required-input-field-added" Breaking "values that do not have it are refused"
    OptionalInputFieldAdded "optional-input-field-added" Safe ""
    DefaultedInputFieldAdded "defaulted-input-field-added" Dangerous "who does not give it gets whatever its default does"
    InputFieldRemoved "input-field-removed" Breaking "values that have it are refused"
    InputFieldTypeChanged "input-field-type-changed" Breaking "values that were allowed are refused"
    InputFieldTypeWidened "input-field-type-widened" Safe ""
    InputFieldDefaultChanged "input-field-default-changed" Dangerous "who does not give it gets another answer"
    OneOfAdded "one-of-added" Breaking "values with more than one field, or none, are refused"
    OneOfRemoved "one-of-removed" Safe ""
    EnumValueRemoved "enum-value-removed" Breaking "operations that send it are refused"
    EnumValueAdded "enum-value-added" Dangerous "clients get a value that they may not know"
    UnionMemberRemoved "union-member-removed" Breaking "conditions on it are refused"
    UnionMemberAdded "union-member-added" Dangerous "clients get an object of a type that they may not know"
    InterfaceRemoved "interface-removed" Breaking "conditions that relied on it are refused"
    InterfaceAdded "interface-added" Dangerous "clients of the interface get an object of a type that they may not know"
    RootTypeChanged "root-type-changed" Breaking "operations of the kind select from another type"
    RootTypeAdded "root-type-added" Safe ""
    SpecifiedByChanged "specified-by-changed" Dangerous "values of the scalar may be written in another way"
    DirectiveRemoved "directive-removed" Breaking "operations that use it are refused"
    DirectiveAdded "directive-added" Safe ""
    DirectiveArgumentRemoved "directive-argument-removed" Breaking "operations that give it are refused"
    RequiredDirectiveArgumentAdded "required-directive-argument-added" Breaking "operations that do not give it are refused"
    OptionalDirectiveArgumentAdded "optional-directive-argument-added" Safe ""
    DirectiveArgumentTypeChanged "directive-argument-type-changed" Breaking "values that were allowed are refused"
    DirectiveArgumentTypeWidened "directive-argument-type-widened" Safe ""
    DirectiveArgumentDefaultChanged "directive-argument-default-changed" Dangerous "who does not give it gets another effect"
    DirectiveLocationRemoved "directive-location-removed" Breaking "operations that use it there are refused"
    DirectiveLocationAdded "directive-location-added" Safe ""
    DirectiveRepeatableRemoved "directive-repeatable-removed" Breaking "operations that repeat it are refused"
    DirectiveRepeatableAdded "directive-repeatable-added" Safe ""
    DescriptionChanged "description-changed" Safe ""
    AppliedDirectiveChanged "applied-directive-changed" Safe ""
}

impl ChangeKind {
    /// Returns the kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
