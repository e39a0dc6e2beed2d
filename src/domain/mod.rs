//! The workbench's knowledge: documents, spans, chunks, jobs, findings and
//! their evidence. Pure: no input or output, no clock, no terminal, no engine.

pub mod anchor;
pub mod body;
pub mod chunk;
pub mod document;
pub mod encoding;
pub mod fact;
pub mod factcheck;
pub mod finding;
pub mod injected;
pub mod job;
pub mod ledger;
pub mod marks;
pub mod measure;
pub mod prompt;
pub mod recognise;
pub mod report;
pub mod sentence;
pub mod span;
pub mod template;
pub mod words;
