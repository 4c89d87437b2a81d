/// What the merchant's secret key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyState {
    /// Everything.
    #[default]
    Valid,
    /// Nothing, as if it were another one: 401.
    Revoked,
    /// Nothing of what it is used for here: 403.
    Restricted,
}
