//! The macros of generated code: a line for each type, so that the types themselves are what is read.

/// How a struct is read from an object and written as one.
///
/// A field has its response key. `=`: it is always sent. `:`: it may be null. `?`: a directive may leave it out. `~`: the
/// same, and it may be there for something else that selects less of it.
/// `serde` after the key: serde reads and writes it; `name`: it is a `__typename`, with the names that are known.
/// `..`: a field that is read from the same object: a fragment, or the enum of what depends on its type. A directive may
/// leave those out that have `?` after them, with the keys that nothing else selects; `held`: a fragment beside it holds it
/// in any case. `Name: repeats`: some of them select the same keys.
#[doc(hidden)]
#[macro_export]
macro_rules! __shape {
    ($name:ident {}) => {
        impl $crate::__private::Shape for $name {
            const KEYS: &'static [&'static str] = &[];
            const SHARED: bool = false;
            fn fields(
                _: &mut $crate::__private::Fields<'_, '_>,
            ) -> $crate::__private::Result<Self, $crate::__private::Failed> {
                $crate::__private::Ok(Self {})
            }
        }
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::Node::Object(self)
            }
        }
        impl $crate::__private::Object for $name {
            const REPEATS: bool = false;
            fn put<'v>(&'v self, _: &mut $crate::__private::Entries<'_, 'v>) {}
        }
    };
    (
        $name:ident $(: $repeats:ident)? {$(
            $(..$spread:ident $(? $if:tt)?)?
            $($field:ident $how:tt $key:literal $($by:ident)? $([$($known:literal)*])?)?
        ),*}
    ) => {
        impl $crate::__private::Shape for $name {
            const KEYS: &'static [&'static str] = &[$($($key,)?)*];
            const SHARED: bool = $crate::__given!($($($spread)?)*);
            fn fields(
                fields: &mut $crate::__private::Fields<'_, '_>,
            ) -> $crate::__private::Result<Self, $crate::__private::Failed> {
                $crate::__private::Ok(Self {$(
                    $($spread: $crate::__read_spread!(fields $($if)?)?,)?
                    $($field: $crate::__read!(fields $how $($by)? $([$($known)*])?)?,)?
                )*})
            }
        }
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::Node::Object(self)
            }
        }
        impl $crate::__private::Object for $name {
            const REPEATS: bool = $crate::__given!($($repeats)?);
            fn put<'v>(&'v self, entries: &mut $crate::__private::Entries<'_, 'v>) {
                entries.put(
                    <Self as $crate::__private::Shape>::KEYS,
                    &[$($($crate::__node!((&self.$field) $how $($by)?),)?)*],
                );
                $($($crate::__put_spread!(entries (&self.$spread) $($if)?);)?)*
            }
        }
    };
}

/// True if something is given.
#[doc(hidden)]
#[macro_export]
macro_rules! __given {
    () => {
        false
    };
    ($($some:tt)+) => {
        true
    };
}

/// Reads a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __read {
    ($fields:ident =) => {
        $fields.required()
    };
    ($fields:ident :) => {
        $fields.nullable()
    };
    ($fields:ident ?) => {
        $fields.optional()
    };
    ($fields:ident ~) => {
        $fields.optional_if_complete()
    };
    ($fields:ident = serde) => {
        $fields.required_serde()
    };
    ($fields:ident : serde) => {
        $fields.nullable_serde()
    };
    ($fields:ident ? serde) => {
        $fields.optional_serde()
    };
    ($fields:ident = name [$($known:literal)*]) => {
        $fields.required_name(&[$($known),*])
    };
    ($fields:ident ? name [$($known:literal)*]) => {
        $fields.optional_name(&[$($known),*])
    };
}

/// Reads a fragment, or what depends on the type.
#[doc(hidden)]
#[macro_export]
macro_rules! __read_spread {
    ($fields:ident) => {
        $fields.spread()
    };
    ($fields:ident held) => {
        $fields.spread().map($crate::__private::Some)
    };
    ($fields:ident [$($only:literal)*]) => {
        $fields.spread_if(&[$($only),*])
    };
}

/// What is written for a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __node {
    ($value:tt ~) => {
        $crate::__private::optional($value)
    };
    ($value:tt ?) => {
        $crate::__private::optional($value)
    };
    ($value:tt ? serde) => {
        $crate::__private::optional_serde($value)
    };
    ($value:tt ? name) => {
        $crate::__private::optional($value)
    };
    ($value:tt $how:tt serde) => {
        $crate::__private::serde($value)
    };
    ($value:tt $how:tt $($name:ident)?) => {
        $crate::__private::Write::node($value)
    };
}

/// Writes a fragment, or what depends on the type.
#[doc(hidden)]
#[macro_export]
macro_rules! __put_spread {
    ($entries:ident $value:tt) => {
        $crate::__private::Object::put($value, $entries)
    };
    ($entries:ident $value:tt $if:tt) => {
        if let $crate::__private::Some(value) = $value {
            $crate::__private::Object::put(value, $entries);
        }
    };
}

/// How an enum is read, whose variant depends on the type of the object.
///
/// A variant has what it holds: `unit`, nothing; `name`, the name of the type; `known`, a type for the one object type that
/// it covers; `named`, a type that holds the name. The object types follow.
#[doc(hidden)]
#[macro_export]
macro_rules! __variants {
    ($name:ident $(: $repeats:ident)? { $($variant:ident $kind:ident $($types:literal)+),*; $other:ident $rest:ident }) => {
        impl $name {
            /// Returns the name of the concrete type (`__typename`).
            pub fn typename(&self) -> &str {
                match self {
                    $($crate::__variant!(self $variant $kind value) => {
                        $crate::__typename!(value $kind [$($types)+])
                    })*
                    $crate::__variant!(self $other $rest value) => $crate::__typename!(value $rest []),
                }
            }
        }
        impl $crate::__private::Shape for $name {
            const KEYS: &'static [&'static str] = &[];
            const SHARED: bool = true;
            fn fields(
                fields: &mut $crate::__private::Fields<'_, '_>,
            ) -> $crate::__private::Result<Self, $crate::__private::Failed> {
                let name = fields.type_name()?;
                $crate::__private::Ok(match &*name {
                    $($($types)|+ => $crate::__read_variant!(fields name $variant $kind [$($types)+]),)*
                    _ => $crate::__read_variant!(fields name $other $rest []),
                })
            }
        }
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::Node::Object(self)
            }
        }
        impl $crate::__private::Object for $name {
            const REPEATS: bool = $crate::__given!($($repeats)?);
            fn put<'v>(&'v self, entries: &mut $crate::__private::Entries<'_, 'v>) {
                match self {
                    $($crate::__variant!(self $variant $kind value) => {
                        $crate::__put_variant!(entries value $kind [$($types)+])
                    })*
                    $crate::__variant!(self $other $rest value) => $crate::__put_variant!(entries value $rest []),
                }
            }
        }
    };
}

/// The pattern of a variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __variant {
    ($self:ident $variant:ident unit $value:ident) => {
        Self::$variant
    };
    ($self:ident $variant:ident $kind:ident $value:ident) => {
        Self::$variant($value)
    };
}

/// The name of the type of a variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __typename {
    ($value:ident name $types:tt) => {
        $value.as_str()
    };
    ($value:ident named $types:tt) => {
        $value.typename.as_str()
    };
    ($value:ident $kind:ident [$only:literal $($more:literal)*]) => {
        $only
    };
}

/// Reads a variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __read_variant {
    ($fields:ident $name:ident $variant:ident unit $types:tt) => {
        Self::$variant
    };
    ($fields:ident $name:ident $variant:ident name [$($types:literal)*]) => {
        Self::$variant($crate::__private::known_type(&$name, &[$($types),*]))
    };
    ($fields:ident $name:ident $variant:ident $kind:ident $types:tt) => {
        Self::$variant($fields.spread()?)
    };
}

/// Writes a variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __put_variant {
    ($entries:ident $value:ident name $types:tt) => {
        $entries.type_name($value.as_str())
    };
    ($entries:ident $value:ident unit [$only:literal $($more:literal)*]) => {
        $entries.type_name($only)
    };
    ($entries:ident $value:ident known [$only:literal $($more:literal)*]) => {{
        $entries.type_name($only);
        $crate::__private::Object::put($value, $entries);
    }};
    ($entries:ident $value:ident named $types:tt) => {
        $crate::__private::Object::put($value, $entries)
    };
}

/// `Serialize` and `Deserialize` of the data of an operation or of a fragment.
#[doc(hidden)]
#[macro_export]
macro_rules! __root {
    ($name:ident) => {
        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::__private::Result<Self, D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }
    };
}

/// The constructor and the setters of variables or of an input object, and how it is written.
///
/// After the name come the parameters of `new`, and `default` if there is a default. A field has its key. `=`: it is
/// always sent. `?`: only if it is set. `:`: unless it is omitted. After the key comes the type that its setter takes; `boxed`
/// if it is in a box; `serde` if serde writes it; and the name of the setter, if it is not that of the field.
#[doc(hidden)]
#[macro_export]
macro_rules! __input {
    (
        $name:ident ($($parameter:ident: $required:ty),*) $($default:ident)? {
            $($(#[$attribute:meta])* $field:ident $how:tt $key:literal $(($ty:ty))? $($by:ident)? $(=> $setter:ident)?),*
        }
    ) => {
        impl $name {
            /// Creates a value with the required fields; all others are omitted.
            pub fn new($($parameter: impl $crate::__private::Into<$required>),*) -> Self {
                Self { $($field: $crate::__initial!($field $how $($by)?)),* }
            }
            $($crate::__setter! {
                $(#[$attribute])* $field $how [concat!("Sets `", $key, "`.")] $(($ty))? $($by)? $(=> $setter)?
            })*
        }
        $($crate::__default!($name $default);)?
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::Node::Object(self)
            }
        }
        impl $crate::__private::Object for $name {
            const REPEATS: bool = false;
            fn put<'v>(&'v self, entries: &mut $crate::__private::Entries<'_, 'v>) {
                entries.put(&[$($key),*], &[$($crate::__input_node!((&self.$field) $how $($by)?)),*]);
            }
        }
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }
    };
}

/// The default of an input.
#[doc(hidden)]
#[macro_export]
macro_rules! __default {
    ($name:ident default) => {
        impl $crate::__private::Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

/// The first value of a field of an input.
#[doc(hidden)]
#[macro_export]
macro_rules! __initial {
    ($field:ident = boxed) => {
        $crate::__private::Box::new($field.into())
    };
    ($field:ident = $($by:ident)?) => {
        $field.into()
    };
    ($field:ident ? $($by:ident)?) => {
        $crate::__private::None
    };
    ($field:ident : $($by:ident)?) => {
        $crate::__private::Input::Omitted
    };
}

/// The method that sets a field of an input.
#[doc(hidden)]
#[macro_export]
macro_rules! __setter {
    ($(#[$attribute:meta])* $field:ident = [$docs:expr] $($by:ident)?) => {};
    ($(#[$attribute:meta])* $field:ident $how:tt [$docs:expr] ($ty:ty) $($by:ident)?) => {
        $crate::__setter!($(#[$attribute])* $field $how [$docs] ($ty) $($by)? => $field);
    };
    ($(#[$attribute:meta])* $field:ident ? [$docs:expr] ($ty:ty) boxed => $setter:ident) => {
        #[doc = $docs]
        $(#[$attribute])*
        #[must_use]
        pub fn $setter(mut self, value: impl $crate::__private::Into<$ty>) -> Self {
            self.$field = $crate::__private::Some($crate::__private::Box::new(value.into()));
            self
        }
    };
    ($(#[$attribute:meta])* $field:ident ? [$docs:expr] ($ty:ty) $($by:ident)? => $setter:ident) => {
        #[doc = $docs]
        $(#[$attribute])*
        #[must_use]
        pub fn $setter(mut self, value: impl $crate::__private::Into<$ty>) -> Self {
            self.$field = $crate::__private::Some(value.into());
            self
        }
    };
    ($(#[$attribute:meta])* $field:ident : [$docs:expr] ($ty:ty) boxed => $setter:ident) => {
        #[doc = $docs]
        $(#[$attribute])*
        #[must_use]
        pub fn $setter(mut self, value: impl $crate::__private::Into<$crate::__private::Input<$ty>>) -> Self {
            self.$field = value.into().map($crate::__private::Box::new);
            self
        }
    };
    ($(#[$attribute:meta])* $field:ident : [$docs:expr] ($ty:ty) $($by:ident)? => $setter:ident) => {
        #[doc = $docs]
        $(#[$attribute])*
        #[must_use]
        pub fn $setter(mut self, value: impl $crate::__private::Into<$crate::__private::Input<$ty>>) -> Self {
            self.$field = value.into();
            self
        }
    };
}

/// What is written for an input.
#[doc(hidden)]
#[macro_export]
macro_rules! __input_node {
    ($value:tt : serde) => {
        $crate::__private::input_serde($value)
    };
    ($value:tt $how:tt $($by:ident)?) => {
        $crate::__node!($value $how $($by)?)
    };
}

/// How an input object with exactly one field is written.
#[doc(hidden)]
#[macro_export]
macro_rules! __one_of {
    ($name:ident { $($variant:ident = $key:literal $($by:ident)?),* }) => {
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::Node::Object(self)
            }
        }
        impl $crate::__private::Object for $name {
            const REPEATS: bool = false;
            fn put<'v>(&'v self, entries: &mut $crate::__private::Entries<'_, 'v>) {
                match self {
                    $(Self::$variant(value) => entries.put(&[$key], &[$crate::__node!(value = $($by)?)]),)*
                }
            }
        }
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }
    };
}

/// The names of an enum's values.
#[doc(hidden)]
#[macro_export]
macro_rules! __enumeration {
    ($name:ident $graphql:literal { $($variant:ident = $value:literal),*; $unknown:ident }) => {
        impl $name {
            /// Returns the GraphQL name of the value.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => value.as_str(),
                }
            }
        }
        impl $crate::__private::From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::$unknown($crate::__private::From::from(other)),
                }
            }
        }
        impl $crate::__private::fmt::Display for $name {
            fn fmt(&self, f: &mut $crate::__private::fmt::Formatter<'_>) -> $crate::__private::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl $crate::__private::Read for $name {
            fn read(
                reader: &mut $crate::__private::Reader<'_>,
            ) -> $crate::__private::Result<Self, $crate::__private::Failed> {
                reader.enum_value(concat!("a value of the enum `", $graphql, "`"))
            }
        }
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::Node::String(self.as_str())
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::__private::Result<Self, D::Error> {
                $crate::__private::deserialize_enum(deserializer, concat!("a value of the enum `", $graphql, "`"))
            }
        }
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

/// A scalar that is any JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! __scalar {
    ($name:ident) => {
        impl<T: $crate::__private::Into<$crate::__private::Value>> $crate::__private::From<T> for $name {
            fn from(value: T) -> Self {
                Self(value.into())
            }
        }
        impl $crate::__private::Read for $name {
            fn read(
                reader: &mut $crate::__private::Reader<'_>,
            ) -> $crate::__private::Result<Self, $crate::__private::Failed> {
                reader.serde().map(Self)
            }
        }
        impl $crate::__private::Write for $name {
            fn node(&self) -> $crate::__private::Node<'_> {
                $crate::__private::serde(&self.0)
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::__private::Result<Self, D::Error> {
                <$crate::__private::Value as $crate::__private::Deserialize<'de>>::deserialize(deserializer).map(Self)
            }
        }
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                $crate::__private::Serialize::serialize(&self.0, serializer)
            }
        }
    };
}

/// What an operation sends, and the type of its data.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    ($name:ident: $kind:ident $graphql:tt -> $data:ty, $id:literal, $document:literal) => {
        impl $crate::Operation for $name {
            const NAME: $crate::__private::Option<&'static str> = $crate::__optional!($graphql);
            const KIND: $crate::OperationKind = $crate::OperationKind::$kind;
            const DOCUMENT: &'static str = $document;
            const ID: &'static str = $id;
            type Data = $data;
            fn read_data(
                reader: &mut $crate::__private::Reader<'_>,
            ) -> $crate::__private::Result<Self::Data, $crate::__private::Failed> {
                $crate::__private::Read::read(reader)
            }
        }
        $crate::__single_response!($name $kind);
    };
}

/// A text, or nothing for `_`.
#[doc(hidden)]
#[macro_export]
macro_rules! __optional {
    (_) => {
        $crate::__private::None
    };
    ($text:literal) => {
        $crate::__private::Some($text)
    };
}

/// A query and a mutation have a single response.
#[doc(hidden)]
#[macro_export]
macro_rules! __single_response {
    ($name:ident Subscription) => {};
    ($name:ident $kind:ident) => {
        impl $crate::SingleResponse for $name {}
    };
}

/// How an operation goes from page to page: from its data to the connection, from there to the flag, the cursor and the
/// items, and from an item to the node. `?` follows what can be null.
#[doc(hidden)]
#[macro_export]
macro_rules! __paginated {
    (
        $name:ident by $variable:ident $how:tt -> $node:ty {
            $data:ident [$($connection:tt)*]; $more:ident [$($flag:tt)*]; $cursor:ident [$($text:tt)*] $kind:ident;
            $items:ident [$($list:tt)*]; $item:ident [$($way:tt)*]
        }
    ) => {
        impl $crate::Paginated for $name {
            type Node = $node;
            fn page_info(data: &Self::Data) -> $crate::__private::Option<$crate::PageInfo<'_>> {
                use $crate::__private::Flag as _;
                let connection = &$crate::__borrowed!([data] $($connection)*);
                $crate::__private::Some($crate::PageInfo {
                    has_more: $crate::__borrowed!([connection] $($flag)*).flag(),
                    cursor: (|| $crate::__cursor!($kind $crate::__borrowed!([connection] $($text)*)))(),
                })
            }
            fn into_nodes(data: Self::Data) -> $crate::__private::Vec<Self::Node> {
                let items = (|| $crate::__private::Some($crate::__moved!([data] $($connection)* $($list)*)))();
                $crate::__private::nodes(items, |item| $crate::__private::Some($crate::__moved!([item] $($way)*)))
            }
            fn set_cursor(&mut self, cursor: &str) {
                self.$variable = $crate::__given_cursor!($how $crate::__private::From::from(cursor));
            }
        }
    };
}

/// The text of a cursor.
#[doc(hidden)]
#[macro_export]
macro_rules! __cursor {
    (text $place:expr) => {
        $crate::__private::Some($place.as_str())
    };
    (json $place:expr) => {
        $place.0.as_str()
    };
}

/// The variable for a cursor.
#[doc(hidden)]
#[macro_export]
macro_rules! __given_cursor {
    (= $cursor:expr) => {
        $cursor
    };
    (? $cursor:expr) => {
        $crate::__private::Some($cursor)
    };
    (: $cursor:expr) => {
        $crate::__private::Input::Value($cursor)
    };
}

/// What fields lead to, borrowed; returns `None` at a null.
#[doc(hidden)]
#[macro_export]
macro_rules! __borrowed {
    ([$place:expr]) => {
        $place
    };
    ([$place:expr] . $field:ident $($rest:tt)*) => {
        $crate::__borrowed!([$place.$field] $($rest)*)
    };
    ([$place:expr] ? $($rest:tt)*) => {
        $crate::__borrowed!([$place.as_ref()?] $($rest)*)
    };
}

/// What fields lead to, moved; returns `None` at a null.
#[doc(hidden)]
#[macro_export]
macro_rules! __moved {
    ([$place:expr]) => {
        $place
    };
    ([$place:expr] . $field:ident $($rest:tt)*) => {
        $crate::__moved!([$place.$field] $($rest)*)
    };
    ([$place:expr] ? $($rest:tt)*) => {
        $crate::__moved!([$place?] $($rest)*)
    };
}

/// Where the payloads of a mutation have their errors.
#[doc(hidden)]
#[macro_export]
macro_rules! __payload {
    ($data:ty { $([$($payload:literal)*] $errors:literal $field:tt $messages:tt),* }) => {
        impl $crate::Payload for $data {
            const ERRORS: &'static [$crate::PayloadErrors] = &[$($crate::PayloadErrors {
                payload: &[$($payload),*],
                errors: $errors,
                field: $crate::__optional!($field),
                messages: $crate::__optional!($messages),
            }),*];
        }
    };
}
