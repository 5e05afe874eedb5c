//! Embeds the window's build output, the capabilities and the icons.

fn main() {
    // Tauri watches only the folder that it would look in by itself.
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    // What is embedded is watched file by file: a window built where there was none before would stay out.
    println!("cargo::rerun-if-changed=ui/dist");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the Tauri build step failed: {error:#}");
    }
}
