//! The plain data that readers make.

#[path = "../../src/domain/document.rs"]
pub mod document;
#[path = "../../src/domain/marks.rs"]
pub mod marks;
#[path = "../../src/domain/span.rs"]
pub mod span;
