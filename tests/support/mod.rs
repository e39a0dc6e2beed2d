pub mod broken_files;
pub mod sample_pdf;
pub mod tiny_gguf;
