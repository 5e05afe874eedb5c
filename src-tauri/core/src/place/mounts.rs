//! What Linux says is mounted where (`/proc/self/mountinfo`, proc_pid_mountinfo(5)). Must not ask for it itself.

use std::path::{Path, PathBuf};

/// File systems whose disk is another computer's. What FUSE draws from elsewhere is named with it: most of its file
/// systems are this computer's own.
const NETWORK: [&str; 22] = [
    "afs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.ceph",
    "fuse.davfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.google-drive-ocamlfuse",
    "fuse.gvfsd-fuse",
    "fuse.kio-fuse",
    "fuse.onedriver",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// Whether a path is on a network's file system.
pub(super) fn is_on_the_network(mounts: &str, path: &Path) -> bool {
    file_system(mounts, path).is_some_and(|kind| NETWORK.contains(&kind))
}

/// The kind of what is mounted nearest above a path. What was mounted last covers what was there.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    mounts
        .lines()
        .filter_map(mount)
        .filter(|(point, _)| path.starts_with(point))
        .max_by_key(|(point, _)| point.components().count())
        .map(|(_, kind)| kind)
}

/// Where something is mounted, and its kind, of one line: `36 35 98:0 /root /point options … - kind source options`.
fn mount(line: &str) -> Option<(PathBuf, &str)> {
    let (before, behind) = line.split_once(" - ")?;
    let point = before.split(' ').nth(4)?;
    Some((unescaped(point), behind.split(' ').next()?))
}

/// Spaces, tabs, line feeds and backslashes stand as three octal digits.
fn unescaped(text: &str) -> PathBuf {
    [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (code, sign)| {
        text.replace(code, sign)
    })
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
40 27 0:45 / /home rw,relatime shared:20 - nfs4 server:/home rw,vers=4.2
41 40 0:46 / /home/anna/local rw - xfs /dev/vdb1 rw
42 27 0:50 / /mnt/the\\040office rw - cifs //server/office rw
43 27 0:51 / /media/stick rw - fuseblk /dev/sdb1 rw
44 27 0:52 / /mnt/remote rw - fuse.sshfs anna@server: rw
45 27 0:53 / /srv rw - ext4 /dev/vdc1 rw
46 45 0:54 / /srv rw - nfs server:/srv rw
";

    #[test]
    fn what_is_mounted_nearest_and_last_counts() {
        for (path, network) in [
            ("/var/lib/desk", false),
            ("/home/anna/.local/share/desk", true),
            ("/home/anna/local/desk", false),
            ("/mnt/the office/desk", true),
            ("/media/stick/desk", false),
            ("/mnt/remote/desk", true),
            ("/mnt/remoteness/desk", false),
            ("/srv/desk", true),
        ] {
            assert_eq!(
                is_on_the_network(MOUNTS, Path::new(path)),
                network,
                "{path}"
            );
        }
    }

    #[test]
    fn a_line_that_is_none_is_left_out() {
        assert!(!is_on_the_network("nonsense\n- nfs\n\n", Path::new("/srv")));
    }
}
