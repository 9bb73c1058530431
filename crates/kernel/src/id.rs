//! Identifiers: one type per noun, so that a structure is never taken for a person.

/// Declares an identifier: a UUID (version 7 in practice: sortable by birth, meaningless otherwise).
///
/// ```
/// maincourante_kernel::id!(
///     /// A thing.
///     ThingId
/// );
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize, $crate::sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name($crate::uuid::Uuid);

        impl $name {
            /// A new identifier.
            pub fn new(chance: &$crate::Chance, now: $crate::Timestamp) -> Self {
                Self(chance.uuid(now))
            }

            /// The bare UUID.
            pub fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
        }

        impl From<$crate::uuid::Uuid> for $name {
            fn from(uuid: $crate::uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for $crate::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(out)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0)
            }
        }
    };
}
