//! The shell without a screen: applies messages until nothing is left to do.

use super::session::Session;
use crate::app::msg::{Msg, RunMsg};
use crate::app::state::{DocState, JobSpec, Level, Millis, Notice, Running, State};

/// What a batch tells its caller on the way.
pub trait Observer {
    /// Every message, before it is applied.
    fn message(&mut self, state: &State, msg: &Msg);
    /// What the workbench would show at its foot as a warning or an error.
    fn notice(&mut self, notice: &Notice);
    /// A job has ended, in whatever way; what it found is in the state.
    fn job_ended(&mut self, state: &State, spec: &JobSpec);
}

/// Runs until the folder is listed, all is read and the queue is empty, or,
/// with `stay`, until the process is ended. `first` is asked once for the jobs,
/// when every document was read or failed.
pub fn run(
    session: &mut Session,
    stay: bool,
    first: impl FnOnce(&State) -> Vec<JobSpec>,
    observer: &mut dyn Observer,
) {
    let began = std::time::Instant::now();
    let mut first = Some(first);
    while let Some(msg) = session.messages.blocking_recv() {
        let now = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        session.state.now = Millis(now);
        observer.message(&session.state, &msg);
        let ended = ended(&session.state, &msg);
        session.apply(msg);
        tell(session, observer);
        if let Some(spec) = ended {
            observer.job_ended(&session.state, &spec);
        }
        if !is_read(&session.state) {
            continue;
        }
        if let Some(first) = first.take() {
            let specs = first(&session.state);
            session.apply(Msg::Enqueue(specs));
            tell(session, observer);
        }
        if !stay && session.state.running.is_empty() && session.state.queue.is_empty() {
            break;
        }
    }
}

/// The job that this message ends.
fn ended(state: &State, msg: &Msg) -> Option<JobSpec> {
    match msg {
        Msg::Run { run, msg: RunMsg::Ended(_) } => {
            let is_it = |r: &&Running| r.run == *run && r.is_going();
            state.running.iter().find(is_it).map(|r| r.spec.clone())
        }
        _ => None,
    }
}

fn tell(session: &mut Session, observer: &mut dyn Observer) {
    if let Some(notice) = session.state.notice.take().filter(|n| n.level != Level::Info) {
        observer.notice(&notice);
    }
}

/// Whether the folder was listed, or cannot be, and nothing is being read.
fn is_read(state: &State) -> bool {
    let settled = |s: &DocState| matches!(s, DocState::Ready(_) | DocState::Failed(_));
    (state.listed || state.folder_problem.is_some())
        && !state.templates.is_empty()
        && state.documents.iter().all(|entry| settled(&entry.state))
}
