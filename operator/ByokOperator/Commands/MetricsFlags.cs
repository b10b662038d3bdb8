using System.CommandLine;
using System.Net;
using ByokOperator.Cluster;
using Kube.Runtime.Hosting;

namespace ByokOperator.Commands;

/// <summary>The flags about metrics, the same for <c>run</c> and <c>import-api</c>.</summary>
internal static class MetricsFlags
{
    private static readonly Option<string> Listen = new("--metrics-listen")
    {
        Description = "address of /metrics alone; left out: beside /healthz, as plain HTTP",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string?> Certificate = new("--metrics-tls-cert")
    {
        Description = "PEM file with the certificate of --metrics-listen and its chain; read again when it changes",
    };

    private static readonly Option<string?> Key = new("--metrics-tls-key")
    {
        Description = "PEM file with that certificate's private key",
    };

    private static readonly Option<bool> TokenReview = new("--metrics-token-review")
    {
        Description = "serve --metrics-listen only to bearers of tokens whom the API server lets get /metrics",
    };

    public static IReadOnlyList<Option> All => [Listen, Certificate, Key, TokenReview];

    public static MetricsSettings Read(ParseResult parsed) => new()
    {
        Listen = parsed.GetValue(Listen)!,
        CertificateFile = parsed.GetValue(Certificate),
        KeyFile = parsed.GetValue(Key),
        TokenReview = parsed.GetValue(TokenReview),
    };

    /// <summary>Empty when they are sound; every message names the flag and the mend.</summary>
    /// <param name="settings">Of the process.</param>
    /// <param name="health">Where <c>--listen</c> is.</param>
    public static IEnumerable<string> Violations(MetricsSettings settings, string health)
    {
        if (settings.Listen.Length == 0)
        {
            if (settings is not { CertificateFile: null, KeyFile: null, TokenReview: false })
            {
                yield return "--metrics-tls-cert, --metrics-tls-key and --metrics-token-review are about "
                    + "--metrics-listen: "
                    + "give that too, such as 0.0.0.0:8444";
            }

            yield break;
        }

        if (ListenAddress.Parse(settings.Listen) is not { } address)
        {
            yield return $"--metrics-listen is '{settings.Listen}': give address:port, such as 0.0.0.0:8444";
            yield break;
        }

        if (address.Port != 0 && ListenAddress.Parse(health)?.Port == address.Port)
        {
            yield return "--metrics-listen has the port of --listen: give it another one";
        }

        if (settings.CertificateFile is null != settings.KeyFile is null)
        {
            yield return "--metrics-tls-cert and --metrics-tls-key go together: give both";
        }
        else if (settings is { CertificateFile: { } certificate, KeyFile: { } key }
            && ReloadingCertificate.Fault(certificate, key) is { } why)
        {
            yield return $"--metrics-tls-cert and --metrics-tls-key can't be used: {why}";
        }

        if (settings is { TokenReview: true, CertificateFile: null } && !IPAddress.IsLoopback(address.Address))
        {
            yield return "--metrics-token-review on an address that others reach needs --metrics-tls-cert and "
                + "--metrics-tls-key: tokens never travel in the clear";
        }
    }
}
