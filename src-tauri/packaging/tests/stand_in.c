// Stands for the program in tests of the setup: what it is asked and whether it runs can be seen. It has the window by which a
// second start finds the first, and ends when it is asked to. Needs no web view, which the systems of the tests lack.
//
//   stand_in [--minimized]     runs; writes its arguments into %TEMP%\stand-in.txt
//   stand_in --quit            asks the running one to end and waits; 0: it has ended, or none ran. 1: it would not
//   stand_in --stubborn        runs, and does not end when it is asked to
//   stand_in --hold PATH       has a file or folder open that nobody else may touch, until it is ended
//   stand_in --keep NAME       keeps a credential; --kept NAME: 0 if it is there
#include <windows.h>
#include <wincred.h>
#include <stdio.h>

#define CLASS L"watch.esim.desk-sic"
#define NAME L"watch.esim.desk-siw"

static BOOL stubborn;

static LRESULT CALLBACK answer(HWND window, UINT message, WPARAM w, LPARAM l) {
    if (message == WM_CLOSE) {
        if (stubborn) return 0;
        DestroyWindow(window);
        return 0;
    }
    if (message == WM_DESTROY) {
        PostQuitMessage(0);
        return 0;
    }
    return DefWindowProcW(window, message, w, l);
}

static int quit(void) {
    HWND window = FindWindowW(CLASS, NAME);
    if (!window) return 0;
    DWORD id = 0;
    GetWindowThreadProcessId(window, &id);
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, id);
    PostMessageW(window, WM_CLOSE, 0, 0);
    DWORD waited = WaitForSingleObject(process, 3000);
    CloseHandle(process);
    return waited == WAIT_OBJECT_0 ? 0 : 1;
}

static void tell(const wchar_t *arguments) {
    wchar_t path[MAX_PATH];
    GetTempPathW(MAX_PATH - 20, path);
    wcscat(path, L"stand-in.txt");
    FILE *file = _wfopen(path, L"a");
    if (!file) return;
    fwprintf(file, L"started: %ls\n", arguments);
    fclose(file);
}

// Nobody else may rename or delete it meanwhile; a folder is opened so, too.
static int hold(const wchar_t *path) {
    HANDLE held = CreateFileW(path, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (held == INVALID_HANDLE_VALUE) return 1;
    tell(path);
    Sleep(INFINITE);
    return 0;
}

static int credential(int keep, const wchar_t *name) {
    if (keep) {
        CREDENTIALW kept = {0};
        kept.Type = CRED_TYPE_GENERIC;
        kept.TargetName = (wchar_t *)name;
        kept.CredentialBlob = (BYTE *)"secret";
        kept.CredentialBlobSize = 6;
        kept.Persist = CRED_PERSIST_LOCAL_MACHINE;
        return CredWriteW(&kept, 0) ? 0 : 1;
    }
    PCREDENTIALW found = NULL;
    return CredReadW(name, CRED_TYPE_GENERIC, 0, &found) ? 0 : 1;
}

// The rest of the command line as one text: whoever starts it may have put quotes around spaces.
static const wchar_t *rest(wchar_t *arguments) {
    size_t length = wcslen(arguments);
    if (length < 2 || arguments[0] != L'"' || arguments[length - 1] != L'"') return arguments;
    arguments[length - 1] = 0;
    return arguments + 1;
}

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, wchar_t *arguments, int show) {
    (void)before;
    (void)show;
    if (wcsstr(arguments, L"--quit")) return quit();
    if (wcsncmp(arguments, L"--keep ", 7) == 0) return credential(1, rest(arguments + 7));
    if (wcsncmp(arguments, L"--kept ", 7) == 0) return credential(0, rest(arguments + 7));
    if (wcsncmp(arguments, L"--hold ", 7) == 0) return hold(rest(arguments + 7));
    stubborn = wcsstr(arguments, L"--stubborn") != NULL;
    WNDCLASSEXW kind = {0};
    kind.cbSize = sizeof kind;
    kind.lpfnWndProc = answer;
    kind.hInstance = instance;
    kind.lpszClassName = CLASS;
    RegisterClassExW(&kind);
    CreateWindowExW(WS_EX_TOOLWINDOW, CLASS, NAME, WS_OVERLAPPED, 0, 0, 0, 0, NULL, NULL, instance, NULL);
    tell(arguments);
    MSG message;
    while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
    return 0;
}
