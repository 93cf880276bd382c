//! The procedural macro of graphwright: a thin door into `graphwright-codegen`, not open yet.
