; The setup of eSIM Watch for Windows, and its uninstaller. `cargo xtask package` compiles it.
;
; It installs for the user who starts it, without an administrator. Everything that can go wrong goes wrong before anything is
; changed: the new files are unpacked beside the old ones, then the running program is asked to end, then the files change
; places by renaming, which Windows allows for a program that runs, and which can be undone. The data is never touched.
;
; Given by the caller: VERSION (1.2.3), FILES (a folder with what is installed), OUT, SIZE_KB, PICTURES (the wizard's), ICON; QUICK
; for a larger file in a fraction of the time, for tests.
;
; What it may be started with:
;   /S              silent: nothing is shown, nothing is asked
;   /D=FOLDER       where to install; has to be the last, and without quotes even if it has spaces
;   /DOWNGRADE      also over a newer version
;   /RESTART        starts the program afterwards, out of sight, whether or not it ran before
;   /LANG=de        another language than the system's: en es fr de it pt
;   /LOG=FILE       writes down what it does
; The uninstaller takes /S, /LANG, /LOG, and
;   /DELETEDATA     deletes the data as well; without it a silent uninstall keeps it
;   /CLEAN          only removes what an upgrade had to leave behind because it was running
;
; Exit codes: 0 done. 1 the user called it off. 2 files could not be written or replaced; everything is as before. 3 the running
; program would not end; everything is as before. 4 a newer version is installed, and /DOWNGRADE was not given. 5 another
; setup is at work. 6 uninstalled, but the data is in use and was kept. 7 the system is too old.

Target amd64-unicode
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user

!define NAME "eSIM Watch"
; The program's identifier: its data folder, its id as a program that shows notifications, its entry among the installed.
!define ID "watch.esim.desk"
!define PUBLISHER "eSIM Watch"
!define PROGRAM "esim-watch.exe"
!define SERVER "esim-watchd.exe"
!define UNINSTALLER "uninstall.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define NOTIFIER_KEY "Software\Classes\AppUserModelId\${ID}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define RUN_ONCE_KEY "Software\Microsoft\Windows\CurrentVersion\RunOnce"
!define SHORTCUT "$SMPROGRAMS\${NAME}.lnk"
!define DATA "$LOCALAPPDATA\${ID}"
!define DATABASE "esim-watch.db"

; Does something for each file that is installed.
!macro EachFile do
  !insertmacro ${do} "${PROGRAM}"
  !insertmacro ${do} "${SERVER}"
  !insertmacro ${do} "WebView2Loader.dll"
  !insertmacro ${do} "esim-watch.png"
  !insertmacro ${do} "LICENSES.txt"
  !insertmacro ${do} "${UNINSTALLER}"
!macroend

!define CODE_FAILED 2
!define CODE_RUNNING 3
!define CODE_NEWER 4
!define CODE_BUSY 5
!define CODE_DATA_KEPT 6
!define CODE_TOO_OLD 7

!include MUI2.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include nsDialogs.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails hide
ShowUninstDetails hide

; The version that is installed, or nothing.
Var Installed
; 1: the program ran before, and is started again.
Var Ran
; Marks what this run put aside, among files that another run left.
Var Stamp
Var Log
Var Arguments
; The rest of the uninstaller's choice.
Var DeleteData
Var DeleteBox
Var WebView2Told
Var WelcomeText

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}\side.bmp"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${PICTURES}\side.bmp"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${PICTURES}\top.bmp"
!define MUI_HEADERIMAGE_UNBITMAP "${PICTURES}\top.bmp"
!define MUI_ABORTWARNING

!define MUI_WELCOMEPAGE_TEXT "$WelcomeText"
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION ShowProgram
!define MUI_PAGE_CUSTOMFUNCTION_PRE WordWelcome
!define MUI_PAGE_CUSTOMFUNCTION_SHOW NameNextStep
!insertmacro MUI_PAGE_WELCOME
Page custom WebView2Page
!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_SHOW AskWhetherToShow
!insertmacro MUI_PAGE_FINISH

UninstPage custom un.DataPage un.DataChosen
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_UNPAGE_FINISH

; The first is taken where the system speaks none of them.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Italian"
!insertmacro MUI_LANGUAGE "Portuguese"
!include languages\english.nsh
!include languages\spanish.nsh
!include languages\french.nsh
!include languages\german.nsh
!include languages\italian.nsh
!include languages\portuguese.nsh

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME} Setup"
VIAddVersionKey /LANG=0 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=0 "LegalCopyright" "MIT OR Apache-2.0"

!include common.nsh
!include install.nsh
!include webview2.nsh
!include uninstall.nsh
