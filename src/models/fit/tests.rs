use super::*;

const GIB: u64 = 1 << 30;

/// Llama 3.2 1B as `Q4_K_M`.
fn llama_1b() -> Cost {
    Cost::of_entry(crate::models::catalogue::find("llama-3.2-1b").expect("in the catalogue"))
}

fn starter() -> Cost {
    Cost::of_entry(crate::models::catalogue::find("starter").expect("in the catalogue"))
}

fn machine(total: u64, available: u64) -> Machine {
    Machine { total, available, cpus: 4, device: Device::Cpu }
}

#[test]
fn dimensions_make_the_published_numbers_of_weights() {
    // 1.24 billion weights, 0.97 of them outside of the embedding, and 32 kB of
    // keys and values a token in 16 bits: Meta's model card and configuration.
    let llama = llama_1b();
    assert_eq!(llama.linear_params, 973_078_528);
    assert_eq!(llama.embedding_params, 262_668_288);
    assert_eq!(llama.kv_bytes_per_token_f32, 65_536);
    // SmolLM2-135M: 134,515,008 weights with 61 norms of 576.
    let starter = starter();
    assert_eq!(starter.linear_params + starter.embedding_params + 61 * 576, 134_515_008);
}

#[test]
fn an_8_gb_laptop_runs_the_1b_as_blocks_with_the_whole_window() {
    let plan = plan(&llama_1b(), &machine(8 * GIB, 5 * GIB), &Wish::default()).expect("it fits");
    assert_eq!((plan.form, plan.window), (Form::Blocks, 1_000));
    assert_eq!(plan.parts.prefixes, 512 << 20);
    // The embedding stands there as floats whatever the blocks are.
    assert_eq!(plan.parts.embedding, 262_668_288 * 4);
    assert!(plan.total < 3 * GIB + GIB / 2, "{plan:?}");
    assert!(plan.total + plan.headroom <= 5 * GIB);
    assert!(plan.context > 4_096 && plan.context <= 131_072, "{plan:?}");
}

#[test]
fn floats_are_taken_where_they_are_an_eighth_of_the_memory_or_were_measured() {
    let wish = Wish::default();
    let form =
        |cost: &Cost, machine: &Machine, wish: &Wish| plan(cost, machine, wish).map(|p| p.form);
    assert_eq!(form(&starter(), &machine(8 * GIB, 5 * GIB), &wish), Ok(Form::Floats));
    assert_eq!(form(&starter(), &machine(3 * GIB, 3 * GIB), &wish), Ok(Form::Blocks));
    assert_eq!(form(&llama_1b(), &machine(32 * GIB, 28 * GIB), &wish), Ok(Form::Blocks));
    assert_eq!(form(&llama_1b(), &machine(64 * GIB, 60 * GIB), &wish), Ok(Form::Floats));
    let floats = Wish { form: Some(Form::Floats), ..wish };
    assert_eq!(form(&llama_1b(), &machine(16 * GIB, 12 * GIB), &floats), Ok(Form::Floats));
    let blocks = Wish { form: Some(Form::Blocks), ..wish };
    assert_eq!(form(&starter(), &machine(64 * GIB, 60 * GIB), &blocks), Ok(Form::Blocks));
    // What was measured to be faster is of no use where it does not fit.
    assert_eq!(form(&llama_1b(), &machine(8 * GIB, 5 * GIB), &floats), Ok(Form::Blocks));
}

#[test]
fn a_form_that_was_measured_comes_before_more_kept_between_prompts() {
    let (cost, total) = (llama_1b(), 16 * GIB);
    let wish = Wish { form: Some(Form::Floats), ..Wish::default() };
    let whole = plan(&cost, &machine(total, total), &wish).expect("it fits");
    assert_eq!((whole.form, whole.parts.prefixes), (Form::Floats, 512 << 20));
    // One byte less than floats take with all that was wished for.
    let just_below = machine(total, whole.total + whole.headroom - 1);
    let found = plan(&cost, &just_below, &wish).expect("it fits");
    assert_eq!((found.form, found.window), (Form::Floats, 1_000));
    assert_eq!(found.parts.prefixes, 256 << 20);
    // Where even a quarter is too much, the window stays and the form changes.
    let least = whole.total - (384 << 20) + whole.headroom;
    let found = plan(&cost, &machine(total, least - 1), &wish).expect("it fits");
    assert_eq!((found.form, found.window), (Form::Blocks, 1_000));
    assert_eq!(found.parts.prefixes, 512 << 20);
}

#[test]
fn less_is_kept_between_prompts_and_then_windows_shrink_before_a_refusal() {
    let (cost, wish) = (llama_1b(), Wish::default());
    let mut seen = Vec::new();
    for available in (1..80).rev().map(|step| step * GIB / 20) {
        let shape = plan(&cost, &machine(4 * GIB, available), &wish)
            .map(|plan| {
                assert!(plan.total + plan.headroom <= available, "{plan:?}");
                (plan.window, plan.parts.prefixes >> 20)
            })
            .map_err(drop);
        if seen.last() != Some(&shape) {
            seen.push(shape);
        }
    }
    let expected = [(1_000, 512), (1_000, 256), (1_000, 128), (500, 128), (250, 128)];
    let kept: Vec<_> = expected.into_iter().filter(|shape| seen.contains(&Ok(*shape))).collect();
    let met: Vec<_> = seen.iter().filter_map(|shape| shape.ok()).collect();
    assert_eq!(met, kept, "in this order and no others");
    assert!(met.len() >= 4, "{met:?}");
    assert_eq!(seen.last(), Some(&Err(())));
}

#[test]
fn a_refusal_has_the_numbers_and_says_what_to_do() {
    let machine = machine(4 * GIB, 2_100_000_000);
    let mut refused = plan(&llama_1b(), &machine, &Wish::default()).expect_err("too large");
    assert_eq!(refused.needed, refused.parts.total() + refused.headroom);
    assert!(refused.fits_when_alone);
    let words = refusal("Llama 3.2 1B Instruct", &refused);
    for part in ["Llama 3.2 1B Instruct needs", "embedding 1.1", "2.1 GB are free", "Close other"] {
        assert!(words.contains(part), "{words}");
    }
    refused.next_smaller = Some("starter".into());
    assert!(refusal("x", &refused).ends_with("or take starter, which fits now."));
    let small = Machine { total: 2 * GIB, available: GIB, ..machine };
    let refused = plan(&llama_1b(), &small, &Wish::default()).expect_err("too large");
    assert!(!refused.fits_when_alone);
    assert!(refusal("x", &refused).contains("--model none"));
}

#[test]
fn a_model_without_blocks_is_only_run_as_floats() {
    let cost = Cost { block_bytes: None, ..llama_1b() };
    let found = plan(&cost, &machine(16 * GIB, 12 * GIB), &Wish::default()).expect("it fits");
    assert_eq!(found.form, Form::Floats);
    assert!(plan(&cost, &machine(8 * GIB, 5 * GIB), &Wish::default()).is_err());
}

#[test]
fn a_short_context_bounds_the_window_and_a_long_one_the_memory() {
    let short = Cost { context: 512, ..starter() };
    let found = plan(&short, &machine(8 * GIB, 5 * GIB), &Wish::default()).expect("it fits");
    assert_eq!((found.window, found.context), (256, 512));
    // Keys and values of the whole 131,072 tokens would take 8.6 GB, twice.
    let found = plan(&llama_1b(), &machine(8 * GIB, 5 * GIB), &Wish::default()).expect("it fits");
    assert!(found.context < 20_000, "{found:?}");
}

#[test]
fn a_gpu_is_planned_with_its_own_memory() {
    let gpu = |free| Machine { device: Device::Gpu { free }, ..machine(8 * GIB, GIB) };
    let wish = Wish { form: Some(Form::Floats), ..Wish::default() };
    let found = plan(&llama_1b(), &gpu(8 * GIB), &wish).expect("it fits");
    assert_eq!(found.parts.weights, 973_078_528 * 2);
    assert_eq!((found.parts.prefixes, found.parts.program), (0, 0));
    assert!(plan(&llama_1b(), &gpu(GIB), &wish).is_err());
}

#[test]
fn impossible_numbers_are_refused_and_do_not_overflow() {
    let cost = Cost {
        title: "x".into(),
        block_bytes: Some(u64::MAX),
        head_bytes: u64::MAX,
        tied: false,
        linear_params: u64::MAX,
        embedding_params: u64::MAX,
        kv_bytes_per_token_f32: u64::MAX,
        hidden: u64::MAX,
        feed_forward: u64::MAX,
        head: u64::MAX,
        vocabulary: u64::MAX,
        context: usize::MAX,
    };
    let refused = plan(&cost, &machine(8 * GIB, 5 * GIB), &Wish::default()).expect_err("too large");
    assert_eq!(refused.needed, u64::MAX);
    let nothing = Cost { context: 0, ..starter() };
    assert!(plan(&nothing, &machine(8 * GIB, 5 * GIB), &Wish::default()).is_ok());
    assert!(plan(&starter(), &machine(0, 0), &Wish::default()).is_err());
}

#[test]
fn sizes_beyond_all_numbers_make_the_largest_number() {
    let huge = Dimensions {
        layers: u64::MAX,
        hidden: u64::MAX,
        feed_forward: u64::MAX,
        heads: u64::MAX,
        kv_heads: u64::MAX,
        head: u64::MAX,
        vocab: u64::MAX,
        merges: u64::MAX,
        tied: false,
    };
    assert_eq!(huge.linear_params(), u64::MAX);
    assert_eq!(huge.kv_bytes_per_token_f32(), u64::MAX);
}
