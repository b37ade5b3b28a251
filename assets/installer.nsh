; The app itself registers the link scheme when it starts (app.setAsDefaultProtocolClient writes it for
; this user). It goes with the app, but not when the app only makes room for its own update.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DeleteRegKey HKCU "Software\Classes\peerage"
  ${endIf}
!macroend
