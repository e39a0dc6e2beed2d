//! The machine around the state: effects become tasks, tasks send messages.
//! The terminal loop and the batch loop are two shells of this one machine.

pub mod batch;
pub mod config;
pub mod eval;
pub mod executor;
pub mod export;
pub mod folder;
pub mod group;
pub mod hardware;
pub mod job_run;
pub mod model;
pub mod prepare;
pub mod server;
pub mod session;
pub mod templates;
pub mod terminal;
pub mod watching;
