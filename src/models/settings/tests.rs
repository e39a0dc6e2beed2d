use serde_json::json;

use super::*;

/// What a folder with these settings is taken for, some of them changed.
fn read(changes: &Value) -> Result<Settings, ModelError> {
    let mut config = json!({
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "vocab_size": 300,
        "max_position_embeddings": 4096,
        "rope_theta": 10000.0,
    });
    for (key, value) in changes.as_object().expect("an object") {
        config[key] = value.clone();
    }
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("config.json"), config.to_string()).expect("written");
    Settings::read(dir.path())
}

fn refusal(changes: &Value) -> String {
    read(changes).expect_err("refused").to_string()
}

fn of(class: &str, kind: &str) -> Value {
    json!({ "architectures": [class], "model_type": kind })
}

fn with(mut one: Value, other: &Value) -> Value {
    let fields = other.as_object().expect("an object").clone();
    one.as_object_mut().expect("an object").extend(fields);
    one
}

#[test]
fn every_family_that_the_engine_holds_is_taken_and_others_are_refused_by_name() {
    for (class, kind) in [
        ("LlamaForCausalLM", "llama"),
        ("MistralForCausalLM", "mistral"),
        ("Qwen2ForCausalLM", "qwen2"),
        ("Qwen3ForCausalLM", "qwen3"),
        ("Phi3ForCausalLM", "phi3"),
        ("Gemma2ForCausalLM", "gemma2"),
    ] {
        assert_eq!(read(&of(class, kind)).expect("taken").family, kind);
        assert_eq!(
            read(&json!({"architectures": [class], "model_type": null})).unwrap().family,
            kind
        );
    }
    for (class, kind, named) in [
        ("MixtralForCausalLM", "mixtral", "\"mixtral\""),
        ("Gemma3ForCausalLM", "gemma3_text", "\"gemma3_text\""),
        ("Qwen3MoeForCausalLM", "qwen3_moe", "\"qwen3_moe\""),
        // The engine would go by the class.
        ("LlamaForCausalLM", "smollm3", "\"LlamaForCausalLM\""),
    ] {
        let message = refusal(&of(class, kind));
        assert!(message.contains(named) && message.contains("\"qwen2\""), "{message}");
    }
    assert!(refusal(&json!({"architectures": null, "model_type": null})).contains("(none)"));
}

#[test]
fn a_context_ends_where_the_engine_stops_computing_what_the_makers_meant() {
    let context = |changes: &Value| {
        let found = read(changes).expect("taken");
        (found.context, found.stretched)
    };
    let longrope = json!({
        "max_position_embeddings": 131_072,
        "original_max_position_embeddings": 4096,
        "rope_scaling": { "type": "longrope" },
    });
    let phi = of("Phi3ForCausalLM", "phi3");
    let mistral = of("MistralForCausalLM", "mistral");
    let gemma = with(of("Gemma2ForCausalLM", "gemma2"), &json!({"max_position_embeddings": 8192}));
    assert_eq!(context(&json!({})), (4096, 4096));
    assert_eq!(context(&json!({"sliding_window": null})), (4096, 4096));
    assert_eq!(context(&with(mistral, &json!({"sliding_window": 1024}))), (1024, 4096));
    assert_eq!(context(&with(phi.clone(), &longrope)), (4096, 131_072));
    assert_eq!(
        context(&with(phi, &json!({"original_max_position_embeddings": 2048}))),
        (4096, 4096)
    );
    assert_eq!(context(&gemma), (4096, 8192));
    assert_eq!(context(&with(gemma, &json!({"sliding_window": 512}))), (512, 8192));
}

#[test]
fn what_the_engine_would_compute_otherwise_is_refused() {
    let scaled = |kind: &str| json!({"rope_scaling": {"rope_type": kind, "factor": 4.0}});
    for kind in ["default", "linear", "llama3"] {
        read(&scaled(kind)).expect("taken");
    }
    let qwen = of("Qwen2ForCausalLM", "qwen2");
    let gemma = of("Gemma2ForCausalLM", "gemma2");
    for (changes, said) in [
        (json!({"num_local_experts": 8}), "mixture of experts"),
        (json!({"num_experts": 8}), "mixture of experts"),
        (json!({"head_dim": 32}), "heads of 32 values"),
        (with(qwen.clone(), &json!({"head_dim": 32})), "heads of 32 values"),
        (with(gemma, &json!({"tie_word_embeddings": false})), "an output layer of its own"),
        (scaled("yarn"), "\"yarn\""),
        (with(qwen, &scaled("linear")), "\"linear\""),
        (json!({"rope_theta": null, "rope_parameters": {"rope_theta": 5.0}}), "rope_parameters"),
    ] {
        let message = refusal(&changes);
        assert!(message.contains(said), "{message}");
    }
    let wide = with(of("MistralForCausalLM", "mistral"), &json!({"head_dim": 32}));
    assert_eq!(read(&wide).expect("taken").dimensions.head, 32);
}

#[test]
fn missing_and_impossible_numbers_are_named() {
    for (changes, said) in [
        (json!({"vocab_size": null}), "no vocab_size"),
        (json!({"num_attention_heads": 0}), "no num_attention_heads"),
        (json!({"hidden_size": u64::MAX}), "hidden_size in its config.json is impossible"),
        (json!({"num_key_value_heads": u64::MAX}), "num_key_value_heads"),
    ] {
        let message = refusal(&changes);
        assert!(message.contains(said), "{message}");
    }
    // The largest that are taken make numbers nevertheless.
    let most = json!({
        "hidden_size": 1_u64 << 31, "num_attention_heads": 1, "num_key_value_heads": 1_u64 << 31,
        "num_hidden_layers": 1_u64 << 31, "vocab_size": 1_u64 << 31,
    });
    let dimensions = read(&most).expect("taken").dimensions;
    assert_eq!(dimensions.kv_bytes_per_token_f32(), u64::MAX);
    assert_eq!(dimensions.linear_params(), u64::MAX);
}
