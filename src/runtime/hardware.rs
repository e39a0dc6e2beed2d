//! What speeds depend on beside the model: the processor, and what this program
//! was built for.

use sysinfo::System;

use crate::models::fit::Machine;

/// The processor's name, as it gives it.
#[must_use]
pub fn processor() -> String {
    let mut system = System::new();
    system.refresh_cpu_all();
    system.cpus().first().map_or("", |cpu| cpu.brand()).trim().to_owned()
}

/// The vector instructions that this build uses: they are chosen when galley
/// is compiled.
#[must_use]
pub fn vectors() -> &'static str {
    if cfg!(target_feature = "avx512f") {
        "AVX-512"
    } else if cfg!(target_feature = "avx2") {
        "AVX2"
    } else if cfg!(target_feature = "neon") {
        "NEON"
    } else {
        "none beyond the baseline; a build with target-cpu=native is faster"
    }
}

/// What tells the speeds measured here from those of another machine or build.
#[must_use]
pub fn fingerprint() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let threads = Machine::read().cpus;
    format!("{}, {threads} threads, {}, galley {version}", processor(), vectors())
}
