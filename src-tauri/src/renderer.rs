//! How WebKitGTK draws, chosen before it starts.
//!
//! Its DMABUF renderer shows blank windows with some NVIDIA drivers and crawls (15 frames a second
//! instead of 110) where there is no GPU at all. The user's own choice always wins.

/// Switches the DMABUF renderer off where it does harm. Must run before any other thread does.
#[cfg(target_os = "linux")]
pub fn choose() {
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let harmful = !has_gpu() || std::path::Path::new("/proc/driver/nvidia").exists();
    if harmful && std::env::var_os(VARIABLE).is_none() {
        #[expect(
            unsafe_code,
            reason = "setting a variable is only unsound beside other threads; none runs yet"
        )]
        unsafe {
            std::env::set_var(VARIABLE, "1");
        }
    }
}

/// Nothing to choose: only Linux draws with WebKitGTK.
#[cfg(not(target_os = "linux"))]
pub fn choose() {}

#[cfg(target_os = "linux")]
fn has_gpu() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|nodes| {
        nodes
            .flatten()
            .any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    })
}
