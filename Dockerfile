# The service alone; its database comes from ConnectionStrings__Ledger (see compose.yaml).
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Project files first, so that a change of code does not restore again.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/LeadLedger/LeadLedger.csproj src/LeadLedger/packages.lock.json src/LeadLedger/
COPY src/LeadLedger.EventStore/LeadLedger.EventStore.csproj src/LeadLedger.EventStore/packages.lock.json src/LeadLedger.EventStore/
COPY src/LeadLedger.PhoneNumbers/LeadLedger.PhoneNumbers.csproj src/LeadLedger.PhoneNumbers/packages.lock.json src/LeadLedger.PhoneNumbers/
RUN dotnet restore src/LeadLedger --locked-mode

COPY src/ src/
RUN dotnet publish src/LeadLedger --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./

RUN install --directory --owner=$APP_UID --mode=0700 /data
VOLUME /data
ENV LEADLEDGER_DATA=/data
USER $APP_UID
EXPOSE 8080

# The image has no HTTP client; the shell can ask by itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["dotnet", "LeadLedger.dll"]
