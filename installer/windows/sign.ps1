# Build, sign and pack on a Windows computer: .\installer\windows\sign.ps1 -Version 0.1.0 [-Certificate "Modamoda"]
# Without a certificate everything is made unsigned, for trying it out. Needs Python 3.11, Inno Setup 6.5, signtool.
param(
    [Parameter(Mandatory)] [string] $Version,
    [string] $Certificate = "",
    [string] $TimeServer = "http://timestamp.digicert.com"
)
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE" }
}

$signing = @("sign", "/fd", "sha256", "/tr", $TimeServer, "/td", "sha256", "/n", $Certificate)
Invoke-Checked "py" @("-3.11", "dev.py", "bundle")
if ($Certificate) {
    foreach ($name in "modamoda.exe", "Modamoda Studio.exe") {
        Invoke-Checked "signtool" ($signing + "dist\modamoda-studio\$name")
    }
    $tool = "signtool.exe sign /fd sha256 /tr $TimeServer /td sha256 /n `$q$Certificate`$q `$f"
    Invoke-Checked "iscc" @("/DVersion=$Version", "/DSigned", "/Ssigning=$tool", "installer\windows\modamoda-studio.iss")
} else {
    Invoke-Checked "iscc" @("/DVersion=$Version", "installer\windows\modamoda-studio.iss")
}
