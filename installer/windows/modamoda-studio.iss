; Inno Setup 6.5 or newer, which has the Arabic texts: the installer for one user of a Windows computer, without
; administrator's rights.
;
;   iscc /DVersion=0.1.0 installer\windows\modamoda-studio.iss
;   iscc /DVersion=0.1.0 "/Ssigning=$qsigntool.exe$q sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 /n $qModamoda$q $f" /DSigned installer\windows\modamoda-studio.iss
;
; The second form signs the setup program and the uninstaller; sign the two .exe files of dist\modamoda-studio with the
; same tool before (installer\windows\sign.ps1 does both in order). Folders are passed as Unicode, so names in any
; script work; the program itself is held to that by its tests.

#ifndef Version
  #error Say which version: /DVersion=0.1.0
#endif
#define Name "Modamoda Studio"
#define Window "Modamoda Studio.exe"

[Setup]
; Names the program for upgrades and removal; it must never change.
AppId={{6C0B5E52-6C0E-4B52-9A52-3B6A5B0C7C11}
AppName={#Name}
AppVersion={#Version}
AppPublisher=Modamoda
AppPublisherURL=https://modamoda.studio
VersionInfoVersion={#Version}
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename=modamoda-studio-{#Version}-setup
SetupIconFile=..\..\build\icons\modamoda.ico
UninstallDisplayIcon={app}\{#Window}
LicenseFile=..\..\LICENSE
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
RestartApplications=no
#ifdef Signed
SignTool=signing
SignedUninstaller=yes
#endif

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"
Name: "arabic"; MessagesFile: "compiler:Languages\Arabic.isl"

[CustomMessages]
english.AddPath=Let the command prompt find the command "modamoda"
arabic.AddPath=السماح لموجه الأوامر بإيجاد الأمر "modamoda"
english.OpenShoot=Open in Modamoda Studio
arabic.OpenShoot=فتح في Modamoda Studio

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "path"; Description: "{cm:AddPath}"

[InstallDelete]
; What an older version brought and this one does not.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\modamoda-studio\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Window}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Window}"; Tasks: desktopicon

[Registry]
; A folder of photographs opens in the program from its context menu.
Root: HKA; Subkey: "Software\Classes\Directory\shell\ModamodaStudio"; ValueType: string; ValueData: "{cm:OpenShoot}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\ModamodaStudio"; ValueType: string; ValueName: "Icon"; ValueData: """{app}\{#Window}"""
Root: HKA; Subkey: "Software\Classes\Directory\shell\ModamodaStudio\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
; Photographs offer it under "Open with".
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "{#Name}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".jpg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".tif"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".jpeg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".tiff"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".webp"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".heic"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".avif"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".bmp"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".dng"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".cr2"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".cr3"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".nef"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".arw"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".raf"; ValueData: ""
; The command line.
Root: HKA; Subkey: "{code:EnvironmentKey}"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\{#Window}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[Code]
function EnvironmentKey(Param: String): String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

function IsNotOnPath: Boolean;
var
  Path: String;
begin
  Result := not RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Path)
    or (Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Path) + ';') = 0);
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Path, Folder: String;
  Place: Integer;
begin
  if Step <> usPostUninstall then
    Exit;
  Folder := ';' + ExpandConstant('{app}');
  if RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Path) then
  begin
    Place := Pos(Uppercase(Folder) + ';', Uppercase(Path) + ';');
    if Place > 0 then
    begin
      Delete(Path, Place, Length(Folder));
      RegWriteExpandStringValue(HKA, EnvironmentKey(''), 'Path', Path);
    end;
  end;
end;
