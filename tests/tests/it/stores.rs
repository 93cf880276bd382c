//! Token stores and sources: what is kept when processes are killed, and how token endpoints are asked.

use graphwright::ErrorKind;
use graphwright::auth::{FileStore, TokenStore, Tokens};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

const PROCESSES: usize = 4;
const KILLS: usize = 200;

/// Tokens of a number, so long that a part of them can be told from all.
fn numbered(number: u64) -> Tokens {
    Tokens::access(format!("{number}-{}", "a".repeat(2000))).with_refresh(format!("{number}-refresh"))
}

/// The number of complete tokens.
fn number(tokens: &Tokens) -> u64 {
    let refresh = tokens.refresh.as_ref().unwrap().expose();
    let number = refresh.strip_suffix("-refresh").unwrap().parse().unwrap();
    assert_eq!(tokens.access, numbered(number).access);
    number
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// What one process does: the tests start themselves again with this.
#[test]
#[ignore = "run by the other tests here, as a process of its own"]
fn member() {
    let store = FileStore::new(std::env::var("STORE_FILE").unwrap());
    let saves = std::env::var("STORE_SAVES").unwrap().parse::<usize>().unwrap();
    block_on(async {
        for _ in 0..saves {
            let _lock = store.lock().await.unwrap();
            let next = store.load().await.unwrap().map_or(0, |tokens| number(&tokens)) + 1;
            store.save(&numbered(next)).await.unwrap();
            let mut out = std::io::stdout();
            writeln!(out, "SAVED {next}").and_then(|()| out.flush()).unwrap();
        }
    });
}

fn member_command(mut command: Command, file: &Path, saves: usize) -> Command {
    command.args(["--exact", "stores::member", "--ignored", "--nocapture"]);
    command.env("STORE_FILE", file).env("STORE_SAVES", saves.to_string()).stdout(Stdio::piped());
    command
}

/// A process that saves, and the thread that reads what it has acknowledged.
struct Member {
    process: Child,
    reader: JoinHandle<()>,
}

impl Member {
    fn start(file: &Path, acknowledged: &Arc<AtomicU64>) -> Self {
        let command = Command::new(std::env::current_exe().unwrap());
        let mut process = member_command(command, file, usize::MAX).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let acknowledged = acknowledged.clone();
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, number)) = line.split_once("SAVED ") {
                    acknowledged.fetch_max(number.parse().unwrap(), SeqCst);
                }
            }
        });
        Self { process, reader }
    }

    /// `kill -9`; all that it has acknowledged is known afterwards.
    fn kill(mut self) {
        self.process.kill().unwrap();
        let status = self.process.wait().unwrap();
        assert_eq!(status.code(), None, "it has ended by itself: {status}");
        self.reader.join().unwrap();
    }
}

fn orphans(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "tokens.json" && name != "tokens.json.lock").count()
}

#[cfg(unix)]
#[test]
fn nothing_is_lost_when_processes_are_killed_while_they_save() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let acknowledged = Arc::new(AtomicU64::new(0));
    let start = || Member::start(&file, &acknowledged);
    let mut members: Vec<Member> = (0..PROCESSES).map(|_| start()).collect();
    let random = || u64::from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos());
    let store = FileStore::new(&file);
    let mut left_behind = 0;
    for kill in 0..KILLS {
        std::thread::sleep(Duration::from_micros(random() / 1000 % 60_000));
        members.swap_remove(kill % PROCESSES).kill();
        left_behind += usize::from(orphans(folder.path()) > 0);
        let known = acknowledged.load(SeqCst);
        if let Some(tokens) = block_on(store.load()).unwrap() {
            assert!(number(&tokens) >= known, "{} < {known}", number(&tokens));
        } else {
            assert_eq!(known, 0);
        }
        members.push(start());
    }
    members.into_iter().for_each(Member::kill);
    let known = acknowledged.load(SeqCst);
    let last = number(&block_on(store.load()).unwrap().unwrap());
    println!("{KILLS} kills, {known} saves acknowledged, {left_behind} times with a temporary file; last: {last}");
    assert!(last >= known && known >= 200, "{known} {last}");
    drop(block_on(store.lock()).unwrap());
    assert_eq!(orphans(folder.path()), 0);
    assert_eq!(number(&block_on(store.load()).unwrap().unwrap()), last);
}

/// The server has rotated the refresh token, and the process ends right before the rename. Needs `strace`.
#[cfg(target_os = "linux")]
#[test]
fn tokens_of_a_process_that_is_killed_at_the_rename_are_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let store = FileStore::new(&file);
    block_on(store.save(&numbered(6))).unwrap();
    let mut strace = Command::new("strace");
    let calls = "rename,renameat,renameat2";
    strace.args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
    strace.args(["-e", &format!("inject={calls}:error=EIO:signal=KILL")]).arg(std::env::current_exe().unwrap());
    let Ok(output) = member_command(strace, &file, 1).stderr(Stdio::piped()).output() else { return };
    if String::from_utf8_lossy(&output.stderr).contains("PTRACE") {
        return;
    }
    assert!(!String::from_utf8_lossy(&output.stdout).contains("SAVED"), "{output:?}");
    assert_eq!(orphans(folder.path()), 1, "{output:?}");
    assert_eq!(number(&block_on(store.load()).unwrap().unwrap()), 7);
    drop(block_on(store.lock()).unwrap());
    assert_eq!(orphans(folder.path()), 0);
    assert_eq!(number(&block_on(store.load()).unwrap().unwrap()), 7);
}

/// The text of a token file.
fn text(number: u64) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    block_on(FileStore::new(&file).save(&numbered(number))).unwrap();
    std::fs::read(file).unwrap()
}

/// A folder with files of a text and an age in seconds; what is loaded, before and after the recovery.
fn recovered(files: &[(&str, &[u8], u64)]) -> Result<Option<u64>, ErrorKind> {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemTime::now();
    for (name, text, age) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(now - Duration::from_secs(*age)).unwrap();
    }
    let store = FileStore::new(folder.path().join("tokens.json"));
    let load = || block_on(store.load()).map(|tokens| tokens.as_ref().map(number)).map_err(|error| error.kind());
    let before = load();
    let others = files.iter().filter(|(name, ..)| *name != "tokens.json").count();
    assert_eq!(orphans(folder.path()), others, "loading changes nothing");
    drop(block_on(store.lock()).unwrap());
    assert_eq!(load(), before);
    let strangers = files.iter().filter(|(name, ..)| name.ends_with("bak")).count();
    assert_eq!(orphans(folder.path()), strangers);
    block_on(store.clear()).unwrap();
    assert_eq!(load(), Ok(None));
    before
}

#[test]
fn the_newest_complete_file_counts() {
    let (one, two, three) = (text(1), text(2), text(3));
    let (file, cut) = (("tokens.json", one.as_slice(), 10), &two[..two.len() / 2]);
    assert_eq!(recovered(&[file]), Ok(Some(1)));
    assert_eq!(recovered(&[file, ("tokens.json.77-0", &two, 5)]), Ok(Some(2)), "newer");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", &two, 10)]), Ok(Some(2)), "as new");
    assert_eq!(recovered(&[file, ("tokens.json.77", &two, 5)]), Ok(Some(2)), "of an earlier version");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", &two, 15)]), Ok(Some(1)), "older");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", cut, 5)]), Ok(Some(1)), "cut");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", b"", 5)]), Ok(Some(1)), "empty");
    assert_eq!(recovered(&[file, ("tokens.json.bak", &two, 5)]), Ok(Some(1)), "another program's");
    let several = [file, ("tokens.json.78-0", &two, 8), ("tokens.json.77-1", &three, 7), ("tokens.json.9-1", cut, 1)];
    assert_eq!(recovered(&several), Ok(Some(3)));
    assert_eq!(recovered(&[("tokens.json.77-0", &two, 5)]), Ok(Some(2)), "without a file");
    assert_eq!(recovered(&[("tokens.json", cut, 10), ("tokens.json.77-0", &two, 5)]), Ok(Some(2)));
    assert_eq!(recovered(&[("tokens.json", cut, 10), ("tokens.json.77-0", &two, 15)]), Err(ErrorKind::Decode));
    for damaged in [cut, b"", b"{}", b"[]"] {
        assert_eq!(recovered(&[("tokens.json", damaged, 10)]), Err(ErrorKind::Decode));
    }
}

#[test]
fn a_damaged_file_is_named_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    std::fs::write(&file, "{\"access_token\": \"s3cret").unwrap();
    let error = block_on(FileStore::new(&file).load()).unwrap_err();
    assert!(error.to_string().contains(&file.display().to_string()) && !format!("{error:?}").contains("s3cret"));
    assert!(!error.is_retryable());
}

/// Saves without the lock, while another store recovers: a save whose temporary file was taken tries again.
#[test]
fn saves_survive_the_recovery_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let saving = |first: u64| {
        let store = FileStore::new(&file);
        std::thread::spawn(move || (first..first + 50).for_each(|next| block_on(store.save(&numbered(next))).unwrap()))
    };
    let threads = [saving(1000), saving(2000)];
    let store = FileStore::new(&file);
    while threads.iter().any(|thread| !thread.is_finished()) {
        drop(block_on(store.lock()).unwrap());
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    drop(block_on(store.lock()).unwrap());
    assert!([1049, 2049].contains(&number(&block_on(store.load()).unwrap().unwrap())));
    assert_eq!(orphans(folder.path()), 0);
}

#[test]
fn white_space_around_tokens_is_removed() {
    let tokens = Tokens::access(" a.b.c\r\n").with_refresh("\tr \n");
    assert_eq!((tokens.access.unwrap().expose(), tokens.refresh.unwrap().expose()), ("a.b.c", "r"));
    assert_eq!(Tokens::refresh("r\n"), Tokens::refresh("r"));
}
