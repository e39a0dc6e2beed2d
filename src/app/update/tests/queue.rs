//! The queue in a person's hands: jobs that run together, pausing, moving,
//! taking out.

use super::*;
use crate::app::state::{EngineState, JobRef, Phase, QueueRow};

/// Three jobs wait behind two that run: all jobs on both documents, and one
/// more on a passage of the first.
fn busy() -> State {
    let mut state = ready();
    press(&mut state, "R enter");
    let within = Some(ByteSpan::new(0, 23));
    let passage = JobSpec { within, ..spec("a.txt", "extract") };
    update(&mut state, Msg::Enqueue(vec![passage]));
    state
}

fn waiting(state: &State) -> Vec<(&str, &str)> {
    let name = |spec: &JobSpec| if spec.doc == id("a.txt") { "a" } else { "b" };
    state.queue.iter().map(|spec| (name(spec), spec.job.as_str())).collect()
}

fn rows(state: &State) -> usize {
    state.queue_rows().len()
}

fn ended(state: &mut State, number: u64, ended: Ended) -> Vec<Effect> {
    run(state, number, RunMsg::Ended(ended))
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn jobs_that_wait_for_the_same_text_start_together() {
    let mut state = ready();
    let effects = press(&mut state, "r enter");
    assert!(effects.contains(&start(&state, 1, "a.txt", &["extract", "triage"])), "{effects:?}");
    assert_eq!(state.queue, []);
    let state = busy();
    assert_eq!(running(&state), [spec("a.txt", "extract"), spec("a.txt", "triage")]);
    assert_eq!(waiting(&state), [("b", "extract"), ("b", "triage"), ("a", "extract")]);
}

#[test]
fn a_new_job_stands_with_those_that_read_the_same_text() {
    let mut state = ready();
    press(&mut state, "r j enter");
    update(&mut state, Msg::Enqueue(vec![spec("b.txt", "extract"), spec("a.txt", "triage")]));
    update(&mut state, Msg::Enqueue(vec![spec("b.txt", "triage")]));
    assert_eq!(waiting(&state), [("b", "extract"), ("b", "triage"), ("a", "triage")]);
}

#[test]
fn the_next_ones_start_when_the_last_of_those_that_run_together_has_ended() {
    let mut state = busy();
    assert!(
        !ended(&mut state, 1, Ended::Failed("It broke.".into()))
            .iter()
            .any(|effect| matches!(effect, Effect::Start { .. }))
    );
    assert_eq!(rows(&state), 4, "the failed one is no longer listed");
    let effects = ended(&mut state, 2, Ended::Done);
    assert!(effects.contains(&start(&state, 3, "b.txt", &["extract", "triage"])), "{effects:?}");
}

#[test]
fn progress_never_goes_back_when_one_of_two_jobs_ends() {
    let mut state = busy();
    for (run_number, steps) in [(1, 5), (2, 3)] {
        run(&mut state, run_number, RunMsg::Planned { steps });
    }
    for _ in 0..5 {
        run(&mut state, 1, RunMsg::StepDone { reused: false, aloud: true });
    }
    ended(&mut state, 1, Ended::Done);
    let tally = Tally::of(&state.running);
    assert_eq!((tally.done, tally.steps), (5, 8));
}

#[test]
fn the_time_left_leaves_out_what_a_stopped_job_would_have_taken() {
    let mut state = busy();
    for (number, steps) in [(1, 10), (2, 4)] {
        run(&mut state, number, RunMsg::Planned { steps });
        for _ in 0..2 {
            run(&mut state, number, RunMsg::StepDone { reused: false, aloud: true });
        }
    }
    let left = |state: &State| Tally::of(&state.running).estimate(Millis(4_000));
    assert_eq!(left(&state), Some(10_000), "four steps took 4 s, ten are left");
    press(&mut state, "Q x");
    assert_eq!(left(&state), Some(2_000), "two are left");
    ended(&mut state, 1, Ended::Cancelled);
    assert_eq!(left(&state), Some(2_000));
}

#[test]
fn a_step_beside_the_one_on_show_does_not_wipe_it_away() {
    let mut state = busy();
    run(&mut state, 1, RunMsg::Planned { steps: 5 });
    run(&mut state, 1, RunMsg::Step { doing: "Dates, part 1 of 1".into() });
    run(&mut state, 1, RunMsg::Prefill { done: 300, total: 600 });
    run(&mut state, 1, RunMsg::StepDone { reused: false, aloud: false });
    let shown = &state.running[0];
    assert_eq!((shown.asking, shown.prefill, shown.done), (true, (300, 600), 1));
    run(&mut state, 1, RunMsg::StepDone { reused: false, aloud: true });
    let shown = &state.running[0];
    assert_eq!((shown.asking, shown.prefill, shown.done), (false, (0, 0), 2));
}

#[test]
fn one_of_two_running_jobs_can_be_stopped_alone() {
    let mut state = busy();
    let effects = press(&mut state, "Q j x");
    let kept = vec![
        spec("a.txt", "extract"),
        spec("b.txt", "extract"),
        spec("b.txt", "triage"),
        state.queue[2].clone(),
    ];
    assert_eq!(effects, [Effect::SaveQueue(kept), Effect::CancelRun { run: 2 }]);
    let phases: Vec<Phase> = state.running.iter().map(|running| running.phase).collect();
    assert_eq!(phases, [Phase::Working, Phase::Stopping], "it shows at once");
}

#[test]
fn pausing_stops_what_runs_and_going_on_starts_it_again_first() {
    let mut state = busy();
    let effects = press(&mut state, "p");
    let cancel = |run| Effect::CancelRun { run };
    let kept = state.saved.clone();
    assert_eq!(kept.len(), 5);
    assert_eq!(effects, [Effect::SavePaused(true), cancel(1), cancel(2)]);
    assert!(state.running.iter().all(|running| running.phase == Phase::Pausing));
    ended(&mut state, 1, Ended::Cancelled);
    assert_eq!(ended(&mut state, 2, Ended::Cancelled), []);
    assert_eq!((&state.running[..], &state.saved), (&[][..], &kept), "the next start finds all");
    let first = [("a", "extract"), ("a", "triage"), ("b", "extract")];
    assert_eq!(waiting(&state)[..3], first);
    assert_eq!(notice(&state), "", "a pause is no loss to tell of");
    let effects = press(&mut state, "p");
    assert_eq!(effects[0], Effect::SavePaused(false));
    assert!(effects.contains(&start(&state, 3, "a.txt", &["extract", "triage"])), "{effects:?}");
}

#[test]
fn a_job_that_was_done_before_the_pause_reached_it_does_not_run_again() {
    let mut state = busy();
    press(&mut state, "p");
    ended(&mut state, 1, Ended::Done);
    ended(&mut state, 2, Ended::Cancelled);
    assert_eq!(waiting(&state)[..2], [("a", "triage"), ("b", "extract")]);
}

#[test]
fn going_on_before_the_engine_has_stopped_loses_no_job() {
    let mut state = busy();
    press(&mut state, "p p");
    ended(&mut state, 1, Ended::Cancelled);
    let effects = ended(&mut state, 2, Ended::Cancelled);
    assert!(effects.contains(&start(&state, 3, "a.txt", &["extract", "triage"])), "{effects:?}");
}

#[test]
fn while_it_is_paused_nothing_starts() {
    let mut state = ready();
    press(&mut state, "p");
    let effects = press(&mut state, "r j enter");
    assert_eq!(effects, [Effect::SaveQueue(vec![spec("a.txt", "extract")])]);
    assert_eq!(read(&mut state, "b.txt", 1), []);
    assert_eq!((state.running.len(), state.queue.len()), (0, 1));
}

#[test]
fn cancelling_while_it_pauses_takes_the_jobs_out_for_good() {
    let mut state = busy();
    press(&mut state, "p");
    ended(&mut state, 1, Ended::Cancelled);
    press(&mut state, "x");
    ended(&mut state, 2, Ended::Cancelled);
    assert_eq!(waiting(&state), [("b", "extract"), ("b", "triage"), ("a", "extract")]);
}

#[test]
fn a_document_that_changes_while_its_jobs_pause_is_worked_on_again_on_the_new_text() {
    let mut state = busy();
    press(&mut state, "p");
    ended(&mut state, 1, Ended::Cancelled);
    update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 2), seen("b.txt", 1)])));
    ended(&mut state, 2, Ended::Cancelled);
    let first = [("a", "extract"), ("a", "triage"), ("b", "extract")];
    assert_eq!(waiting(&state)[..3], first, "each once");
}

#[test]
fn a_waiting_job_is_moved_and_the_cursor_stays_on_it() {
    let mut state = busy();
    let effects = press(&mut state, "Q G K");
    assert_eq!(waiting(&state), [("b", "extract"), ("a", "extract"), ("b", "triage")]);
    assert!(matches!(&effects[..], [Effect::SaveQueue(_)]), "{effects:?}");
    press(&mut state, "f");
    assert_eq!(waiting(&state), [("a", "extract"), ("b", "extract"), ("b", "triage")]);
    press(&mut state, "J J J");
    assert_eq!(waiting(&state), [("b", "extract"), ("b", "triage"), ("a", "extract")]);
    press(&mut state, "x");
    assert_eq!(waiting(&state), [("b", "extract"), ("b", "triage")]);
}

#[test]
fn a_running_job_cannot_be_moved_and_says_so() {
    let mut state = busy();
    assert_eq!(press(&mut state, "Q J"), []);
    assert!(notice(&state).contains("runs already"), "{}", notice(&state));
    assert_eq!(press(&mut state, "esc J"), []);
    assert!(notice(&state).contains("press Q"), "{}", notice(&state));
}

#[test]
fn keys_meant_for_a_job_that_has_just_ended_reach_no_other_one() {
    let mut state = busy();
    press(&mut state, "Q j");
    ended(&mut state, 2, Ended::Done);
    assert_eq!(press(&mut state, "x"), []);
    assert!(notice(&state).contains("no job under the cursor"), "{}", notice(&state));
    assert_eq!(rows(&state), 4);
    press(&mut state, "k x");
    assert_eq!(state.running[0].phase, Phase::Stopping);
}

#[test]
fn the_cursor_follows_its_job_when_rows_above_it_go() {
    let mut state = busy();
    press(&mut state, "Q j j");
    ended(&mut state, 1, Ended::Done);
    let Mode::Queue { row, on } = &state.mode else { panic!("the queue is open") };
    let waits = JobRef { spec: spec("b.txt", "extract"), run: None };
    assert_eq!((*row, on.as_ref()), (1, Some(&waits)));
    assert!(matches!(state.queue_rows()[1], QueueRow::Waiting(0, _)));
}

#[test]
fn enter_goes_to_the_document_of_the_job() {
    let mut state = busy();
    press(&mut state, "Q j j enter");
    assert_eq!(state.entry().map(|entry| entry.name.as_str()), Some("b.txt"));
    assert_eq!(state.mode, Mode::Normal);
}

/// The last queue that was saved.
fn saved(effects: &[Effect]) -> Option<&[JobSpec]> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveQueue(queue) => Some(&queue[..]),
        _ => None,
    })
}

fn under_cursor(state: &State) -> (usize, Option<JobRef>) {
    let Mode::Queue { row, on } = &state.mode else { panic!("the queue is open") };
    (*row, on.clone())
}

/// The first document's two jobs stop, and stand in the queue once more.
fn doubled() -> State {
    let mut state = busy();
    update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 2), seen("b.txt", 1)])));
    let first = [("a", "extract"), ("a", "triage"), ("b", "extract")];
    assert_eq!((rows(&state), &waiting(&state)[..3]), (7, &first[..]));
    state
}

#[test]
fn the_cursor_tells_a_job_that_stops_from_its_equal_that_waits() {
    let mut state = doubled();
    press(&mut state, "Q");
    for row in 0..7 {
        assert_eq!(under_cursor(&state).0, row);
        press(&mut state, "j");
    }
    press(&mut state, "g j j");
    let waits = JobRef { spec: spec("a.txt", "extract"), run: None };
    assert_eq!(under_cursor(&state), (2, Some(waits)));
    press(&mut state, "x");
    assert_eq!(waiting(&state)[..2], [("a", "triage"), ("b", "extract")], "not the one that runs");
    press(&mut state, "g j");
    ended(&mut state, 1, Ended::Cancelled);
    ended(&mut state, 2, Ended::Cancelled);
    let waits = JobRef { spec: spec("a.txt", "triage"), run: None };
    assert_eq!(under_cursor(&state), (2, Some(waits)), "the same job, which waits now");
}

#[test]
fn a_job_that_begins_to_run_stays_under_the_cursor() {
    let mut state = busy();
    press(&mut state, "Q j j");
    ended(&mut state, 1, Ended::Done);
    ended(&mut state, 2, Ended::Done);
    let runs = JobRef { spec: spec("b.txt", "extract"), run: Some(3) };
    assert_eq!(under_cursor(&state), (0, Some(runs)));
}

#[test]
fn cancelling_a_job_that_stops_already_keeps_it_from_beginning_anew() {
    let mut state = doubled();
    press(&mut state, "Q x");
    assert_eq!(waiting(&state)[..2], [("a", "triage"), ("b", "extract")]);
    press(&mut state, "esc x");
    assert_eq!(waiting(&state)[0], ("b", "extract"));
}

#[test]
fn a_signal_to_leave_loses_no_job_from_the_next_start() {
    let mut state = busy();
    press(&mut state, "Q j x");
    let kept = state.saved.clone();
    assert_eq!(kept[0], spec("a.txt", "extract"));
    let mut effects = update(&mut state, Msg::Quit);
    assert!(effects.contains(&Effect::CancelRun { run: 1 }) && effects.contains(&Effect::Quit));
    effects.extend(ended(&mut state, 1, Ended::Cancelled));
    effects.extend(ended(&mut state, 2, Ended::Cancelled));
    assert_eq!(saved(&effects).unwrap_or(&kept), kept, "{effects:?}");
    assert_eq!(state.queue, kept, "only the job that was cancelled is gone");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Start { .. })));
}

#[test]
fn a_job_that_is_done_while_the_program_ends_is_not_found_again() {
    let mut state = busy();
    let kept = state.saved[1..].to_vec();
    update(&mut state, Msg::Quit);
    assert_eq!(saved(&ended(&mut state, 1, Ended::Done)), Some(&kept[..]));
}

#[test]
fn a_queue_whose_documents_are_gone_is_emptied_when_the_folder_is_listed() {
    let mut state = State::new("/case".into());
    update(&mut state, Msg::Templates { templates: vec![template("extract")], problems: vec![] });
    let effects = update(&mut state, Msg::Enqueue(vec![spec("a.txt", "extract")]));
    assert_eq!(effects, [Effect::SaveQueue(vec![spec("a.txt", "extract")])]);
    assert_eq!(update(&mut state, Msg::Folder(Ok(vec![]))), [Effect::SaveQueue(vec![])]);
    assert!(notice(&state).contains("no longer there"), "{}", notice(&state));
}

#[test]
fn a_rename_is_saved_and_leaves_no_job_twice() {
    let mut state = ready();
    press(&mut state, "p R j enter Q j");
    assert_eq!(waiting(&state), [("a", "extract"), ("b", "extract")]);
    let effects = update(&mut state, Msg::Renamed { from: id("b.txt"), to: id("c.txt") });
    let renamed = [spec("a.txt", "extract"), spec("c.txt", "extract")];
    assert_eq!(saved(&effects), Some(&renamed[..]));
    assert_eq!(under_cursor(&state).1.map(|job| job.spec), Some(spec("c.txt", "extract")));
    let effects = update(&mut state, Msg::Renamed { from: id("c.txt"), to: id("a.txt") });
    assert_eq!(saved(&effects), Some(&renamed[..1]));
    assert_eq!(under_cursor(&state).0, 0);
}

#[test]
fn a_pause_gives_the_engine_up_once_the_jobs_have_stopped() {
    let mut state = busy();
    let engine = EngineState::Ready { model: "m".into(), device: "CPU".into() };
    update(&mut state, Msg::Engine(engine));
    assert!(!press(&mut state, "p").contains(&Effect::Unload), "they still use it");
    assert!(!ended(&mut state, 1, Ended::Cancelled).contains(&Effect::Unload));
    assert_eq!(ended(&mut state, 2, Ended::Cancelled), [Effect::Unload]);
    press(&mut state, "p X");
    for number in [3, 4] {
        ended(&mut state, number, Ended::Cancelled);
    }
    assert_eq!(press(&mut state, "p"), [Effect::SavePaused(true), Effect::Unload]);
}

#[test]
fn a_model_that_is_not_there_uses_up_no_job() {
    let mut state = busy();
    let before = waiting(&state).len();
    let effects = update(&mut state, Msg::Hold);
    assert!(effects.contains(&Effect::SavePaused(true)), "{effects:?}");
    for number in [1, 2] {
        ended(&mut state, number, Ended::Cancelled);
    }
    assert!(state.paused && state.running.is_empty());
    assert_eq!(waiting(&state).len(), before + 2, "what ran waits as well");
    assert_eq!(update(&mut state, Msg::Hold), [], "once is enough");
}

#[test]
fn cancelling_all_where_there_is_nothing_says_so() {
    let mut state = ready();
    assert_eq!(press(&mut state, "X"), []);
    assert_eq!(notice(&state), "No job runs or waits.");
}
