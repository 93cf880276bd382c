//! x
pub struct Effect; pub struct Impact; pub fn impact() {}
