; Uninstalling. The data is kept unless its owner says otherwise.

Function un.onInit
  Call un.Begin
  StrCpy $DeleteData 0
  ClearErrors
  ${GetOptions} $Arguments "/CLEAN" $0
  ${IfNot} ${Errors}
    Call un.RemoveOld
    SetErrorLevel 0
    Quit
  ${EndIf}
  ClearErrors
  ${GetOptions} $Arguments "/DELETEDATA" $0
  ${IfNot} ${Errors}
    StrCpy $DeleteData 1
  ${EndIf}
FunctionEnd

Function un.DataPage
  !insertmacro MUI_HEADER_TEXT "$(RemoveTitle)" "$(RemoveSubtitle)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 20u "$(RemoveText)"
  Pop $0
  ${NSD_CreateLabel} 0 26u 100% 30u "$(RemoveKeeps)"
  Pop $0
  ${NSD_CreateText} 0 58u 100% 12u "${DATA}"
  Pop $0
  SendMessage $0 ${EM_SETREADONLY} 1 0
  ${NSD_CreateCheckbox} 0 80u 100% 12u "$(RemoveData)"
  Pop $DeleteBox
  ${NSD_SetState} $DeleteBox $DeleteData
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(^UninstallBtn)"
  nsDialogs::Show
FunctionEnd

Function un.DataChosen
  ${NSD_GetState} $DeleteBox $DeleteData
  ${If} $DeleteData = 1
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(RemoveSure)" IDYES sure
    Abort
    sure:
  ${EndIf}
FunctionEnd

Section "un."
  Call un.EndProgram
  ${If} ${Errors}
    ${Note} "the running program did not end; everything is as before"
    SetErrorLevel ${CODE_RUNNING}
    Abort
  ${EndIf}
  SetOutPath "$TEMP"
  ${Say} "$(StepRemoving)"
  Call un.Unregister
  Call un.RemoveFiles
  SetErrorLevel 0
  ${If} $DeleteData = 1
    Call un.RemoveData
  ${Else}
    ${Note} "kept: ${DATA}"
  ${EndIf}
SectionEnd

Function un.Unregister
  Delete "${SHORTCUT}"
  DeleteRegKey HKCU "${NOTIFIER_KEY}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegValue HKCU "${RUN_ONCE_KEY}" "${ID}-clean"
  ; Starting with the system, if it is this copy that does: a portable one may have put itself there.
  ReadRegStr $0 HKCU "${RUN_KEY}" "${NAME}"
  StrCpy $1 $0 1
  ${If} $1 == '"'
    StrCpy $0 $0 "" 1
  ${EndIf}
  StrLen $1 "$INSTDIR\${PROGRAM}"
  StrCpy $0 $0 $1
  ${If} $0 == "$INSTDIR\${PROGRAM}"
    DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
    DeleteRegValue HKCU "${APPROVED_KEY}" "${NAME}"
  ${EndIf}
FunctionEnd

!macro Remove name
  Delete "$INSTDIR\${name}"
!macroend

; Only what was installed: the folder may be one that somebody chose and keeps other things in.
Function un.RemoveFiles
  !insertmacro EachFile Remove
  ; A server that runs is not ended. What it was started from is put where the system tidies up.
  ${If} ${FileExists} "$INSTDIR\${SERVER}"
    System::Call 'kernel32::GetTickCount() i .r0'
    Rename "$INSTDIR\${SERVER}" "$TEMP\${SERVER}.old-$0"
    ${Note} "$INSTDIR\${SERVER} is running and goes on until it is ended"
  ${EndIf}
  Call un.RemoveOld
  FindFirst $0 $1 "$INSTDIR\*.old-*"
  ${DoWhile} $1 != ""
    Rename "$INSTDIR\$1" "$TEMP\$1"
    FindNext $0 $1
  ${Loop}
  FindClose $0
  RMDir /r "$INSTDIR\.new"
  RMDir "$INSTDIR"
  ClearErrors
FunctionEnd

; All of it or nothing: a database that is in use can't be renamed, nor can a folder of which anything is.
Function un.RemoveData
  ${IfNot} ${FileExists} "${DATA}\*.*"
    ${Note} "there is no data"
    Return
  ${EndIf}
  ${If} ${FileExists} "${DATA}\${DATABASE}"
    !insertmacro Move "un." "${DATA}\${DATABASE}" "${DATA}\${DATABASE}.going"
    ${If} ${Errors}
      Call un.KeepData
      Return
    ${EndIf}
  ${EndIf}
  !insertmacro Move "un." "${DATA}" "${DATA}.deleted"
  ${If} ${Errors}
    Rename "${DATA}\${DATABASE}.going" "${DATA}\${DATABASE}"
    Call un.KeepData
    Return
  ${EndIf}
  RMDir /r "${DATA}.deleted"
  ; What the program keeps in Windows' credential manager, under the names that it gives (1: CRED_TYPE_GENERIC).
  System::Call 'advapi32::CredDeleteW(w "webhook-secret ${DATA}.${ID}", i 1, i 0) i .r0'
  System::Call 'advapi32::CredDeleteW(w "api-token ${DATA}.${ID}", i 1, i 0) i .r1'
  ${Note} "deleted: ${DATA}; secret: $0, token: $1"
FunctionEnd

Function un.KeepData
  ${Note} "in use, and kept: ${DATA}"
  MessageBox MB_OK|MB_ICONEXCLAMATION "$(DataInUse)" /SD IDOK
  SetErrorLevel ${CODE_DATA_KEPT}
FunctionEnd
