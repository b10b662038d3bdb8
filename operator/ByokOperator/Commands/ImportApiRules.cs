using System.Globalization;
using System.Net;
using Byok.Import.Serving;
using ByokOperator.Hosting;
using Kube.Core;
using Kube.Runtime.Hosting;

namespace ByokOperator.Commands;

/// <summary>Refuses settings of the import API that would start and then misbehave;
/// every message names the flag and the mend.</summary>
internal static class ImportApiRules
{
    private const int MostPairs = 256;
    private const int MostPerDay = 1_000;
    private const int MostPerSecond = 10_000;

    /// <summary>Empty when they are sound.</summary>
    public static IReadOnlyList<string> Violations(ImportApiSettings settings)
    {
        var api = settings.Api;
        List<string> wrong = [.. ImportFlags.NameViolations(api.Wrapping.Name), .. Listening(api.Serving),
            .. MetricsFlags.Violations(settings.Metrics, settings.Listen)];
        void Between(string flag, int value, int most)
        {
            if (value < 1 || value > most)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{flag} is {value}: give 1 to {most}"));
            }
        }

        Between("--key-pool", api.KeyPool, MostPairs);
        Between("--requests-per-day", api.Requests.MostPerDay, MostPerDay);
        Between("--tenant-calls-per-second", api.Serving.TenantPerSecond, MostPerSecond);
        Between("--address-calls-per-second", api.Serving.AddressPerSecond, MostPerSecond);
        if (!ObjectNames.IsNamespace(api.Requests.Namespace))
        {
            wrong.Add(
                $"--namespace is '{api.Requests.Namespace}': give the namespace of API keys and import requests, the "
                    + $"operator's --import-namespace");
        }

        if (ListenAddress.Parse(settings.Listen) is null)
        {
            wrong.Add($"--listen is '{settings.Listen}': give address:port, such as 0.0.0.0:8080");
        }

        return wrong;
    }

    private static IEnumerable<string> Listening(ServingOptions serving)
    {
        if (ListenAddress.Parse(serving.Listen) is not { } listener)
        {
            yield return $"--api-listen is '{serving.Listen}': give address:port, such as 0.0.0.0:8443";
            yield break;
        }

        if (serving.CertificateFile is null != serving.KeyFile is null)
        {
            yield return "--tls-cert and --tls-key go together: give both";
        }

        if (serving.CertificateFile is null && !IPAddress.IsLoopback(listener.Address))
        {
            yield return "--api-listen on an address that others reach needs --tls-cert and --tls-key: API keys and "
                + "tokens never travel in the clear";
        }

        if (serving is { CertificateFile: { } certificate, KeyFile: { } key }
            && ReloadingCertificate.Fault(certificate, key) is { } why)
        {
            yield return $"--tls-cert and --tls-key can't be used: {why}";
        }
    }
}
