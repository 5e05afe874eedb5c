; Installing, and setting up a newer version in the place of an older one.

Function .onInit
  ; A setup that is called off says so by its code, and leaves nothing behind.
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel ${CODE_TOO_OLD}
    Quit
  ${EndIf}
  Call Begin
  ReadRegStr $Installed HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ${Note} "installed: $Installed; folder: $INSTDIR"
  Call RefuseDowngrade
FunctionEnd

Function RefuseDowngrade
  ${If} $Installed == ""
    Return
  ${EndIf}
  ${VersionCompare} "$Installed" "${VERSION}" $0
  ; 1: the installed one is newer.
  ${If} $0 <> 1
    Return
  ${EndIf}
  ClearErrors
  ${GetOptions} $Arguments "/DOWNGRADE" $1
  ${IfNot} ${Errors}
    Return
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(AskDowngrade)" /SD IDNO IDYES goOn
  ${Refuse} ${CODE_NEWER} "a newer version is installed: $Installed"
  goOn:
FunctionEnd

Function WordWelcome
  ${If} $Installed == ""
    StrCpy $WelcomeText "$(WelcomeNew)"
  ${Else}
    StrCpy $WelcomeText "$(WelcomeUpgrade)"
  ${EndIf}
FunctionEnd

; Where no page about WebView2 comes in between, this page is the last before it installs.
Function NameNextStep
  Call WebView2IsMissing
  Pop $0
  ${If} $0 = 0
    GetDlgItem $0 $HWNDPARENT 1
    SendMessage $0 ${WM_SETTEXT} 0 "STR:$(^InstallBtn)"
  ${EndIf}
FunctionEnd

Section
  ; Noted for whoever reads the log of a silent setup.
  Call WebView2IsMissing
  Pop $0
  System::Call 'kernel32::GetTickCount() i .r0'
  IntFmt $Stamp "%08X" $0
  StrCpy $Ran 0

  ; 1. Unpack beside what is there. If the disk is full, nothing has happened yet.
  ${Say} "$(StepUnpacking)"
  RMDir /r "$INSTDIR\.new"
  SetOutPath "$INSTDIR\.new"
  SetOverwrite on
  File "${FILES}\*.*"
  WriteUninstaller "$INSTDIR\.new\${UNINSTALLER}"
  ; The folder that a program is in can't be removed.
  SetOutPath "$INSTDIR"

  ; 2. End what runs.
  Call EndProgram
  ${If} ${Errors}
    RMDir /r "$INSTDIR\.new"
    ; Only if it holds nothing.
    RMDir "$INSTDIR"
    ${Note} "the running program did not end; everything is as before"
    SetErrorLevel ${CODE_RUNNING}
    Abort
  ${EndIf}

  ; 3. Change places.
  ${Say} "$(StepReplacing)"
  Call Replace
  ${If} ${Errors}
    Call PutBack
    Call StartAgain
    MessageBox MB_OK|MB_ICONSTOP "$(NotReplaced)" /SD IDOK
    SetErrorLevel ${CODE_FAILED}
    Abort
  ${EndIf}
  RMDir /r "$INSTDIR\.new"
  Call RemoveOld
  ${If} ${Errors}
    ; esim-watchd goes on running as it was. What it was started from is removed when the user logs on the next time.
    ${Note} "what still runs of the version before is removed at the next logon"
    WriteRegStr HKCU "${RUN_ONCE_KEY}" "${ID}-clean" '"$INSTDIR\${UNINSTALLER}" /S /CLEAN _?=$INSTDIR'
  ${EndIf}

  ; 4. Tell the system.
  Call Register
  ${Say} "$(StepDone)"
  SetOutPath "$PROFILE"
  Call StartAgain
  SetErrorLevel 0
SectionEnd

; Unpacking failed.
Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\.new"
  RMDir "$INSTDIR"
FunctionEnd

; Each new file takes its place. Its error flag: one could not; what was done so far has to be put back.
Function Replace
  FindFirst $0 $1 "$INSTDIR\.new\*.*"
  ${DoWhile} $1 != ""
    ${If} $1 != "."
    ${AndIf} $1 != ".."
      ${If} ${FileExists} "$INSTDIR\$1"
        !insertmacro Move "" "$INSTDIR\$1" "$INSTDIR\$1.old-$Stamp"
        ${If} ${Errors}
          ${ExitDo}
        ${EndIf}
      ${EndIf}
      !insertmacro Move "" "$INSTDIR\.new\$1" "$INSTDIR\$1"
      ${If} ${Errors}
        ${ExitDo}
      ${EndIf}
      ${Note} "$INSTDIR\$1"
    ${EndIf}
    ClearErrors
    FindNext $0 $1
    ; At the end there is none, which is no failure.
    ClearErrors
  ${Loop}
  ; Left early, its name is still there.
  FindClose $0
  ClearErrors
  ${If} $1 != ""
    SetErrors
  ${EndIf}
FunctionEnd

; What has a place that nothing had before goes; then the old files have their places again.
!macro TakeAway name
  ${IfNot} ${FileExists} "$INSTDIR\.new\${name}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${name}.old-$Stamp"
    Delete "$INSTDIR\${name}"
  ${EndIf}
!macroend

Function PutBack
  !insertmacro EachFile TakeAway
  FindFirst $0 $1 "$INSTDIR\*.old-$Stamp"
  ${DoWhile} $1 != ""
    ; The name without what was put behind it: ".old-" and eight letters.
    StrCpy $2 $1 -13
    Delete "$INSTDIR\$2"
    !insertmacro Move "" "$INSTDIR\$1" "$INSTDIR\$2"
    ${Note} "put back: $INSTDIR\$2"
    ClearErrors
    FindNext $0 $1
  ${Loop}
  FindClose $0
  RMDir /r "$INSTDIR\.new"
  RMDir "$INSTDIR"
  ClearErrors
FunctionEnd

; The entry in the start menu, the one among the installed programs, and the name under which notifications come.
Function Register
  CreateShortCut "${SHORTCUT}" "$INSTDIR\${PROGRAM}" "" "$INSTDIR\${PROGRAM}" 0 SW_SHOWNORMAL "" "$(ShortcutSays)"
  Call MarkShortcut
  WriteRegStr HKCU "${NOTIFIER_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${NOTIFIER_KEY}" "IconUri" "$INSTDIR\esim-watch.png"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
FunctionEnd

; A notification is shown for a program whose shortcut in the start menu has its id (System.AppUserModel.ID).
Function MarkShortcut
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}", .r1)'
    ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}", .r2)'
    ${If} $1 P<> 0
    ${AndIf} $2 P<> 0
      ${IPersistFile::Load} $1 '("${SHORTCUT}", ${STGM_READWRITE})'
      System::Call '*(&w64 "${ID}") p .r3'
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID}) p .r4'
      System::Call '*(&i2 ${VT_LPWSTR}, &i6, p r3, p 0) p .r5'
      ${IPropertyStore::SetValue} $2 '($4, $5).r6'
      ${IPropertyStore::Commit} $2 ""
      ${IPersistFile::Save} $1 '("${SHORTCUT}", 1)'
      ${Note} "id of the shortcut: $6"
      System::Free $3
      System::Free $4
      System::Free $5
    ${EndIf}
    !insertmacro ComHlpr_SafeRelease $2
    !insertmacro ComHlpr_SafeRelease $1
    ${IUnknown::Release} $0 ""
  ${EndIf}
FunctionEnd

; If it ran, it listens again at once, out of sight: what nobody receives is lost after three tries.
Function StartAgain
  ClearErrors
  ${GetOptions} $Arguments "/RESTART" $0
  ${IfNot} ${Errors}
    StrCpy $Ran 1
  ${EndIf}
  ${If} $Ran = 1
  ${AndIf} ${FileExists} "$INSTDIR\${PROGRAM}"
    ${Note} "started again: $INSTDIR\${PROGRAM}"
    Exec '"$INSTDIR\${PROGRAM}" --minimized'
  ${EndIf}
  ClearErrors
FunctionEnd

; The tick on the last page. If the program was started again, this start only shows its window.
Function ShowProgram
  Exec '"$INSTDIR\${PROGRAM}"'
FunctionEnd

; Without what draws its window it can't be shown.
Function AskWhetherToShow
  Call WebView2IsMissing
  Pop $0
  ${If} $0 = 1
    ${NSD_Uncheck} $mui.FinishPage.Run
  ${EndIf}
FunctionEnd
