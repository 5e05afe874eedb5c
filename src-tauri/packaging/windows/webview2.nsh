; Microsoft's WebView2 Runtime, which draws the window. Windows 11 has it, and Windows 10 with its updates.

; The runtime's entry with Edge's updater, as Microsoft documents it ("Detect if a WebView2 Runtime is already installed"):
; learn.microsoft.com/microsoft-edge/webview2/concepts/distribution.
!define WEBVIEW2 "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
; A small installer that loads the rest.
!define WEBVIEW2_ONLINE "https://go.microsoft.com/fwlink/p/?LinkId=2124703"
; Where the whole installer is, too: "Evergreen Standalone Installer", x64.
!define WEBVIEW2_OFFLINE "https://developer.microsoft.com/microsoft-edge/webview2/#download"

!macro WebView2In root key
  ReadRegStr $0 ${root} "${key}\${WEBVIEW2}" "pv"
  ${If} $0 != ""
  ${AndIf} $0 != "0.0.0.0"
    Goto found
  ${EndIf}
!macroend

; Leaves 1 on the stack if it is missing, 0 if it is there.
Function WebView2IsMissing
  Push $0
  !insertmacro WebView2In HKLM "SOFTWARE\WOW6432Node"
  !insertmacro WebView2In HKLM "SOFTWARE"
  !insertmacro WebView2In HKCU "Software"
  ${Note} "WebView2 is missing"
  StrCpy $0 1
  Exch $0
  Return
  found:
  ${Note} "WebView2 is there: $0"
  StrCpy $0 0
  Exch $0
FunctionEnd

; Shown only where it is missing. Going on without it is allowed: it can be installed later.
Function WebView2Page
  Call WebView2IsMissing
  Pop $0
  ${If} $0 = 0
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "$(WebViewTitle)" "$(WebViewSubtitle)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 34u "$(WebViewText)"
  Pop $0
  ${NSD_CreateLink} 0 36u 100% 10u "$(WebViewLink)"
  Pop $0
  SetCtlColors $0 0x0B57D0 transparent
  ${NSD_OnClick} $0 OpenWebView2
  ${NSD_CreateLabel} 0 54u 100% 34u "$(WebViewOffline)"
  Pop $0
  ${NSD_CreateLink} 0 90u 100% 10u "${WEBVIEW2_OFFLINE}"
  Pop $0
  SetCtlColors $0 0x0B57D0 transparent
  ${NSD_OnClick} $0 OpenWebView2Page
  ${NSD_CreateButton} 0 110u 45% 14u "$(WebViewAgain)"
  Pop $0
  ${NSD_OnClick} $0 LookAgain
  ${NSD_CreateLabel} 48% 112u 52% 20u ""
  Pop $WebView2Told
  nsDialogs::Show
FunctionEnd

Function OpenWebView2
  ExecShell "open" "${WEBVIEW2_ONLINE}"
FunctionEnd

Function OpenWebView2Page
  ExecShell "open" "${WEBVIEW2_OFFLINE}"
FunctionEnd

Function LookAgain
  Call WebView2IsMissing
  Pop $0
  ${If} $0 = 1
    ${NSD_SetText} $WebView2Told "$(WebViewStillMissing)"
  ${Else}
    ${NSD_SetText} $WebView2Told "$(WebViewIsThere)"
  ${EndIf}
FunctionEnd
