; What the setup and the uninstaller share: the command line, the log, ending the running program, moving files.

; Shown while it works, and written to the log.
!macro Say text
  DetailPrint "${text}"
  ${If} $Log != ""
    FileWriteUTF16LE $Log "${text}$\r$\n"
  ${EndIf}
!macroend
!define Say "!insertmacro Say"

; Written to the log alone.
!macro Note text
  ${If} $Log != ""
    FileWriteUTF16LE $Log "${text}$\r$\n"
  ${EndIf}
!macroend
!define Note "!insertmacro Note"

; Ends with this code, after a line in the log: nobody reads boxes of a silent setup.
!macro Refuse code text
  ${Note} "${text}"
  SetErrorLevel ${code}
  Quit
!macroend
!define Refuse "!insertmacro Refuse"

!macro Shared un
; The command line, the language and the log; and nobody else at work.
Function ${un}Begin
  ${GetParameters} $Arguments
  Push $0
  ClearErrors
  ${GetOptions} $Arguments "/LANG=" $0
  ${IfNot} ${Errors}
    ${Select} $0
      ${Case} "en"
        StrCpy $LANGUAGE ${LANG_ENGLISH}
      ${Case} "es"
        StrCpy $LANGUAGE ${LANG_SPANISH}
      ${Case} "fr"
        StrCpy $LANGUAGE ${LANG_FRENCH}
      ${Case} "de"
        StrCpy $LANGUAGE ${LANG_GERMAN}
      ${Case} "it"
        StrCpy $LANGUAGE ${LANG_ITALIAN}
      ${Case} "pt"
        StrCpy $LANGUAGE ${LANG_PORTUGUESE}
    ${EndSelect}
  ${EndIf}
  ClearErrors
  ${GetOptions} $Arguments "/LOG=" $0
  ${IfNot} ${Errors}
    FileOpen $Log $0 w
    ${If} ${Errors}
      StrCpy $Log ""
    ${Else}
      FileWriteUTF16LE /BOM $Log "${NAME} ${VERSION}: $EXEPATH $Arguments$\r$\n"
    ${EndIf}
  ${EndIf}
  ; Held until this ends. 183: somebody else has it.
  System::Call 'kernel32::CreateMutexW(p 0, i 1, w "${ID}-setup") p .r0 ?e'
  Pop $0
  ${If} $0 = 183
    MessageBox MB_OK|MB_ICONSTOP "$(AnotherSetup)" /SD IDOK
    ${Refuse} ${CODE_BUSY} "another setup is at work"
  ${EndIf}
  Pop $0
FunctionEnd

; Asks the running program to end, and waits. Its error flag: it would not, and the user gave up.
Function ${un}EndProgram
  Push $0
  Push $1
  Push $2
  StrCpy $Ran 0
  ; The window by which a second start finds the first (tauri-plugin-single-instance).
  FindWindow $0 "${ID}-sic"
  ${If} $0 <> 0
    StrCpy $Ran 1
  ${EndIf}
  StrCpy $1 "$INSTDIR\${PROGRAM}"
  ${IfNot} ${FileExists} "$1"
    ; Nothing installed: what runs is a portable copy, which the new program can end as well.
    StrCpy $1 "$INSTDIR\.new\${PROGRAM}"
    ${If} $Ran = 0
    ${OrIfNot} ${FileExists} "$1"
      Goto ended
    ${EndIf}
  ${EndIf}
  again:
  ${Say} "$(StepEnding)"
  ClearErrors
  ExecWait '"$1" --quit' $2
  ${If} ${Errors}
    ; It can't be started: damaged, or kept from it. What can't be started can't be running either, unless it was replaced.
    ${Note} "$1 can't be started"
    StrCpy $2 0
    ${If} $Ran = 1
      StrCpy $2 1
    ${EndIf}
  ${EndIf}
  ${Note} "$1 --quit: $2"
  ${If} $2 <> 0
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(WillNotEnd)" /SD IDCANCEL IDRETRY again
    Pop $2
    Pop $1
    Pop $0
    SetErrors
    Return
  ${EndIf}
  ended:
  Pop $2
  Pop $1
  Pop $0
  ClearErrors
FunctionEnd

; Renames, and tries again for five seconds: a virus scanner looks at what has just been written. Takes and leaves nothing
; on the stack but: Push from, Push to, Call. Its error flag: it could not.
Function ${un}Move
  Exch $1
  Exch
  Exch $0
  Push $2
  StrCpy $2 0
  ${Do}
    ClearErrors
    Rename "$0" "$1"
    ${IfNot} ${Errors}
      ${ExitDo}
    ${EndIf}
    IntOp $2 $2 + 1
    ${If} $2 = 20
      ${Note} "can't rename $0 to $1"
      SetErrors
      ${ExitDo}
    ${EndIf}
    Sleep 250
  ${Loop}
  Pop $2
  Pop $0
  Pop $1
FunctionEnd

; Removes what upgrades put aside, as far as it does not run any more. Its error flag: something is left.
Function ${un}RemoveOld
  ClearErrors
  Delete "$INSTDIR\*.old-*"
  ${If} ${FileExists} "$INSTDIR\*.old-*"
    SetErrors
  ${Else}
    ClearErrors
  ${EndIf}
FunctionEnd
!macroend

!macro Move un from to
  Push "${from}"
  Push "${to}"
  Call ${un}Move
!macroend

!insertmacro Shared ""
!insertmacro Shared "un."
