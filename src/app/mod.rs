//! The workbench as a pure state machine: `update(&mut State, Msg) -> Vec<Effect>`.
//! No input or output, no clock, no terminal: effects are plain data.

pub mod command;
mod input;
pub mod key;
pub mod msg;
pub mod state;
mod update;

pub use update::update;
