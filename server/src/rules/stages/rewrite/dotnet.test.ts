import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('.NET', {
  offers: {
    'a web project': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\nWORKDIR /app\nENV ASPNETCORE_URLS=http://+:8080\nEXPOSE 8080\nENTRYPOINT ["dotnet", "App.dll"]\n',
      context: { 'App.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', 'Program.cs': '' },
      gives:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /app /app\nWORKDIR /app\nENV ASPNETCORE_URLS=http://+:8080\nEXPOSE 8080\nUSER app\nENTRYPOINT ["dotnet", "App.dll"]\n',
      title: 'dotnet/aspnet:8.0 (as app)',
    },
    'a console program': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:9.0⟧\nWORKDIR /app\nCOPY . .\nRUN dotnet restore && dotnet publish -c Release -o out\nENTRYPOINT ["dotnet", "out/App.dll"]\n',
      context: {
        'App.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
        'Program.cs': '',
        'appsettings.json': '{}',
        'wwwroot/a.css': '',
      },
      gives:
        'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /app\nCOPY . .\nRUN dotnet restore && dotnet publish -c Release -o out\n\nFROM mcr.microsoft.com/dotnet/runtime:9.0\nWORKDIR /app\nCOPY --from=build /app/out /app/out\nCOPY --from=build /app/appsettings.json /app/appsettings.json\nCOPY --from=build /app/wwwroot /app/wwwroot\nUSER app\nENTRYPOINT ["dotnet", "out/App.dll"]\n',
      title: 'dotnet/runtime:9.0 (as app)',
    },
    'without context': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0-alpine⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app/out\nWORKDIR /app/out\nCMD ["dotnet", "App.dll"]\n',
      gives:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app/out\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0-alpine\nCOPY --from=build /app/out /app/out\nWORKDIR /app/out\nUSER app\nCMD ["dotnet", "App.dll"]\n',
      title: 'dotnet/aspnet:8.0-alpine (as app; assumes that it sets its port, else 8080; 2 more)',
    },
    'an older version has no user of its own': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:6.0⟧\nWORKDIR /app\nCOPY . .\nRUN dotnet publish --output out\nENV ASPNETCORE_URLS=http://+:5000\nENTRYPOINT ./out/App\n',
      context: { 'App.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', 'Program.cs': '' },
      gives:
        'FROM mcr.microsoft.com/dotnet/sdk:6.0 AS build\nWORKDIR /app\nCOPY . .\nRUN dotnet publish --output out\n\nFROM mcr.microsoft.com/dotnet/aspnet:6.0\nWORKDIR /app\nCOPY --from=build /app/out /app/out\nENV ASPNETCORE_URLS=http://+:5000\nUSER 10001:10001\nENTRYPOINT ./out/App\n',
      title: 'dotnet/aspnet:6.0 (as 10001:10001)',
    },
    'the usual folder': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release\nENV ASPNETCORE_HTTP_PORTS=5000\nCMD ["dotnet", "bin/Release/net8.0/publish/App.dll"]\n',
      context: { 'App.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', 'Program.cs': '' },
      gives:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /src\nCOPY --from=build /src/bin/Release/net8.0/publish /src/bin/Release/net8.0/publish\nENV ASPNETCORE_HTTP_PORTS=5000\nUSER app\nCMD ["dotnet", "bin/Release/net8.0/publish/App.dll"]\n',
      title: 'dotnet/aspnet:8.0 (as app)',
    },
    'projects in folders': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY ["Web/Web.csproj", "Web/"]\nRUN dotnet restore "Web/Web.csproj"\nCOPY . .\nWORKDIR "/src/Web"\nRUN dotnet publish "Web.csproj" -c Release -o /app/publish /p:UseAppHost=false\nWORKDIR /app/publish\nEXPOSE 80\nENTRYPOINT ["dotnet", "Web.dll"]\n',
      context: { 'Web/Web.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>' },
      gives:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY ["Web/Web.csproj", "Web/"]\nRUN dotnet restore "Web/Web.csproj"\nCOPY . .\nWORKDIR "/src/Web"\nRUN dotnet publish "Web.csproj" -c Release -o /app/publish /p:UseAppHost=false\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /app/publish /app/publish\nWORKDIR /app/publish\nEXPOSE 80\nUSER app\nENTRYPOINT ["dotnet", "Web.dll"]\n',
      title: 'dotnet/aspnet:8.0 (as app; assumes that it sets its port, else 8080; 1 more)',
    },
  },
  declines: {
    'dotnet run': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nCMD ["dotnet", "run"]\n',
      reason: 'compiled when the container starts',
    },
    'self-contained': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -r linux-x64 --self-contained true -o /app\nCMD ["/app/App"]\n',
      reason: 'brings its own runtime',
    },
    'another folder starts': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nCMD ["dotnet", "/srv/App.dll"]\n',
      reason: 'does not start what dotnet publish writes',
    },
    'System.Drawing': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nCMD ["dotnet", "/app/App.dll"]\n',
      context: {
        'App.csproj':
          '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="System.Drawing.Common" /></ItemGroup></Project>',
      },
      reason: 'needs libraries of the system',
    },
    'a package of the distribution': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nRUN apt-get update && apt-get install -y libgdiplus\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nWORKDIR /app\nCMD ["dotnet", "App.dll"]\n',
      reason: 'may need libgdiplus',
    },
    'a health check with curl': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nHEALTHCHECK CMD curl -f http://localhost:8080/\nWORKDIR /app\nCMD ["dotnet", "App.dll"]\n',
      reason: 'curl is called at run time',
    },
    'settings in the folder of the source': {
      text: 'FROM ⟦mcr.microsoft.com/dotnet/sdk:8.0⟧\nWORKDIR /app\nCOPY . .\nRUN dotnet publish -o out\nCMD ["dotnet", "out/App.dll"]\n',
      reason: 'starts in /app',
    },
  },
});
