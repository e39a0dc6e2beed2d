//! The memory of the machine that galley runs on, as the planner wants it.

use sysinfo::{CGroupLimits, System};

use super::Device;

/// What there is to plan with, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Memory of the machine, or of the container that galley runs in.
    pub total: u64,
    /// What may be taken now without swapping; what the system only keeps of
    /// files counts as free.
    pub available: u64,
    pub cpus: usize,
    pub device: Device,
}

impl Machine {
    /// Reads memory and processors, and plans for the processor; the caller
    /// replaces `device` where the engine found a GPU.
    #[must_use]
    pub fn read() -> Self {
        let mut system = System::new();
        system.refresh_memory();
        let whole = (system.total_memory(), system.available_memory());
        let limits = if whole.0 == 0 { None } else { system.cgroup_limits() };
        let (total, available) = within(whole, limits.as_ref());
        let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { total, available, cpus, device: Device::Cpu }
    }

    /// Bytes that a model may take where it computes.
    #[must_use]
    pub fn room(&self) -> u64 {
        match self.device {
            Device::Cpu => self.available,
            Device::Gpu { free } => free,
        }
    }
}

/// Total and available bytes under a container's limit. Its own figure of what
/// is free counts cached files as taken, which a model file just fetched would
/// fill; what its processes hold themselves is the better measure.
fn within((total, available): (u64, u64), limits: Option<&CGroupLimits>) -> (u64, u64) {
    let Some(limits) = limits.filter(|limits| limits.total_memory < total) else {
        return (total, available);
    };
    let left = limits.total_memory.saturating_sub(limits.rss);
    (limits.total_memory, available.min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(total_memory: u64, rss: u64) -> CGroupLimits {
        // Cached files fill the container to the brim.
        CGroupLimits { total_memory, free_memory: 0, free_swap: 0, rss }
    }

    #[test]
    fn a_container_gets_what_its_limit_leaves_and_cached_files_do_not_count() {
        assert_eq!(within((16, 9), Some(&limits(8, 3))), (8, 5));
        // The machine itself has less left than the container may take.
        assert_eq!(within((16, 2), Some(&limits(8, 3))), (8, 2));
        assert_eq!(within((16, 9), Some(&limits(8, 12))), (8, 0));
    }

    #[test]
    fn a_limit_that_is_none_changes_nothing() {
        assert_eq!(within((16, 9), None), (16, 9));
        assert_eq!(within((16, 9), Some(&limits(16, 3))), (16, 9));
    }

    #[test]
    fn this_machine_has_memory() {
        let machine = Machine::read();
        assert!(machine.total > 100_000_000, "{machine:?}");
        assert!(machine.available > 0 && machine.available <= machine.total, "{machine:?}");
        assert!(machine.cpus > 0);
    }
}
