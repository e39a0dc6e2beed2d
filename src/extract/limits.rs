//! How much a file may cost to read. Plain numbers: who enforces which of them
//! is written at each field.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// Bounds of one reading. The defaults leave a wide margin over the worst real
/// document that was measured (154 pages of PDF: 12.5 s and 254 MB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest source file, in bytes. Held by the parent before it starts a
    /// worker.
    pub source_bytes: u64,
    /// Most text of one page and of one document, in bytes of UTF-8. Held by
    /// the worker for a page and by the parent for the document.
    pub text_bytes: u64,
    /// Most pages that are asked for. Held by the worker.
    pub pages: u32,
    /// Address space of the worker in bytes (`RLIMIT_AS`, where the system has
    /// it); the parent also ends a worker whose resident memory passes it.
    pub memory_bytes: u64,
    /// Seconds until the first page; also the longest wait between two pages.
    pub seconds: u64,
    /// Seconds that each page which did arrive adds to the whole.
    pub seconds_per_page: u64,
    /// Seconds after which a worker is ended whatever it has read; also its
    /// `RLIMIT_CPU`, so that one whose parent was killed ends by itself.
    pub seconds_in_all: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: 64 * MIB,
            text_bytes: 64 * MIB,
            pages: 10_000,
            memory_bytes: 2048 * MIB,
            seconds: 30,
            seconds_per_page: 1,
            seconds_in_all: 600,
        }
    }
}

impl Limits {
    /// How long a worker that has delivered `pages` pages may have run in all.
    #[must_use]
    pub fn wall(&self, pages: usize) -> Duration {
        let pages = u64::try_from(pages).unwrap_or(u64::MAX);
        let earned = self.seconds_per_page.saturating_mul(pages);
        Duration::from_secs(self.seconds.saturating_add(earned).min(self.seconds_in_all))
    }

    /// The form in which the worker's command line carries the limits.
    ///
    /// # Panics
    /// Never: a struct of numbers always serialises.
    #[must_use]
    pub fn to_argument(&self) -> String {
        serde_json::to_string(self).expect("a struct of numbers always serialises")
    }
}

impl FromStr for Limits {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_come_back_from_the_command_line_as_they_went() {
        let limits = Limits { seconds: 3, memory_bytes: 7, ..Limits::default() };
        assert_eq!(limits.to_argument().parse::<Limits>().expect("own form"), limits);
    }

    #[test]
    fn every_page_read_earns_time_up_to_the_end_of_all_patience() {
        let limits = Limits::default();
        assert_eq!(limits.wall(0), Duration::from_secs(30));
        assert_eq!(limits.wall(154), Duration::from_secs(184));
        assert_eq!(limits.wall(usize::MAX), Duration::from_mins(10));
    }
}
