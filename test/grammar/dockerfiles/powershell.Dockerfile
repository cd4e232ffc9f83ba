# escape=`
FROM mcr.microsoft.com/powershell:nanoserver AS first
SHELL ["pwsh", "-Command", "$ErrorActionPreference = 'Stop';"]
RUN if ($env:CI -ne 'yes') { `
      Write-Host 'here'; `
    }
FROM mcr.microsoft.com/windows/nanoserver
RUN echo done
