//! The machine that something was measured on.

use std::fmt;
use std::fs;

use serde::Serialize;
use sysinfo::{ProcessesToUpdate, System, get_current_pid};

use crate::domain::words;
use crate::models::fit;
use crate::runtime::hardware;

/// What a figure depends on beside the model.
#[derive(Debug, Serialize)]
pub struct Machine {
    cpu: String,
    /// Threads that may run at once.
    threads: usize,
    memory_bytes: u64,
    system: String,
    /// Vector instructions that this program was built for.
    vectors: &'static str,
}

impl Machine {
    pub fn read() -> Self {
        let fit::Machine { total, cpus, .. } = fit::Machine::read();
        Self {
            cpu: hardware::processor(),
            threads: cpus,
            memory_bytes: total,
            system: System::long_os_version().unwrap_or_else(|| std::env::consts::OS.to_owned()),
            vectors: hardware::vectors(),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, threads, memory_bytes, system, vectors } = self;
        let memory = words::size(*memory_bytes);
        write!(f, "{cpu}, {threads} threads, {memory} memory, {system}, {vectors}")
    }
}

/// Resident memory of this process, in bytes.
pub fn resident() -> u64 {
    let Ok(pid) = get_current_pid() else { return 0 };
    let mut system = System::new();
    system.refresh_processes(ProcessesToUpdate::Some(&[pid]), true);
    system.process(pid).map_or(0, sysinfo::Process::memory)
}

/// The most that [`resident`] ever was, where the system keeps count (Linux).
pub fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
