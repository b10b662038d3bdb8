using System.CommandLine;
using Byok.Import.Requests;
using Byok.Import.Serving;
using Byok.Import.Wrapping;
using ByokOperator.Hosting;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator import-api</c>: flags to <see cref="ImportApiSettings"/>,
/// then the API until told to stop.</summary>
internal static class ImportApiCommand
{
    private static readonly Option<string?> Kubeconfig =
        new("--kubeconfig") { Description = "kubeconfig file; in a pod the service account is used" };
    private static readonly Option<string?> Context = new("--context") { Description = "context of the kubeconfig" };
    private static readonly Option<string> Namespace = new("--namespace")
    {
        Description = "where API keys, import requests and wrapping keys stand: the operator's --import-namespace",
        DefaultValueFactory = _ => CommandLine.Env("POD_NAMESPACE") ?? "byok-system",
    };
    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "address of /healthz, /readyz and, without --metrics-listen, /metrics",
        DefaultValueFactory = _ => "0.0.0.0:8080",
    };
    private static readonly Option<string> ApiListen =
        new("--api-listen") { Description = "address of the API", DefaultValueFactory = _ => "0.0.0.0:8443" };
    private static readonly Option<string?> Certificate =
        new("--tls-cert") { Description = "PEM file with the certificate and its chain; read again when it changes" };
    private static readonly Option<string?> Key =
        new("--tls-key") { Description = "PEM file with the certificate's private key" };
    private static readonly Option<string> WrappingName = ImportFlags.NewWrappingName();
    private static readonly Option<int> KeyPool =
        new("--key-pool") { Description = "key pairs kept ready for import requests", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> PerDay = new("--requests-per-day")
    {
        Description = "import requests of one TenantEncryptionKey within 24 hours, used or not",
        DefaultValueFactory = _ => 20,
    };
    private static readonly Option<int> TenantCalls = new("--tenant-calls-per-second")
    {
        Description = "calls that one tenant can keep up; four times as many at once",
        DefaultValueFactory = _ => 10,
    };
    private static readonly Option<int> AddressCalls = new("--address-calls-per-second")
    {
        Description = "calls of one address without a known API key; twice as many at once",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create()
    {
        Command command = new("import-api", "Serve the API by which tenants' programs bring their keys.");
        foreach (var option
            in (Option[])[Kubeconfig, Context, Namespace, Listen, ApiListen, Certificate, Key, WrappingName, KeyPool,
                PerDay, TenantCalls, AddressCalls, .. MetricsFlags.All])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
        {
            var settings = Read(parsed);
            return Launch.HostAsync(
                builder => builder.AddByokImportApi(settings, ImportApiRules.Violations), cancellation);
        });
        return command;
    }

    private static ImportApiSettings Read(ParseResult parsed)
    {
        var ns = parsed.GetValue(Namespace)!;
        return new ImportApiSettings
        {
            Kubeconfig = parsed.GetValue(Kubeconfig),
            Context = parsed.GetValue(Context),
            Listen = parsed.GetValue(Listen)!,
            Metrics = MetricsFlags.Read(parsed),
            Api = new ImportApiOptions
            {
                Serving = new ServingOptions
                {
                    Listen = parsed.GetValue(ApiListen)!,
                    CertificateFile = parsed.GetValue(Certificate),
                    KeyFile = parsed.GetValue(Key),
                    TenantPerSecond = parsed.GetValue(TenantCalls),
                    TenantBurst = parsed.GetValue(TenantCalls) * 4,
                    AddressPerSecond = parsed.GetValue(AddressCalls),
                    GuessesPerSecond = parsed.GetValue(AddressCalls) * 5,
                },
                Requests = new RequestOptions { Namespace = ns, MostPerDay = parsed.GetValue(PerDay) },
                Wrapping = new WrappingOptions { Namespace = ns, Name = parsed.GetValue(WrappingName)! },
                KeyPool = parsed.GetValue(KeyPool),
            },
        };
    }
}
