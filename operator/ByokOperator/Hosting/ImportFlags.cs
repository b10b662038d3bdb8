using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ByokOperator.Api;

namespace ByokOperator.Hosting;

/// <summary>The flags of <c>run</c> about imported keys.</summary>
internal static class ImportFlags
{
    private const int MostPairs = 64;
    private const int MostName = 40; // byok-wrapping-public-NAME is a label's length at most

    private static readonly Option<string> WrappingName = new("--wrapping-name") { Description = "name of the platform's wrapping key, such as the region", DefaultValueFactory = _ => "platform" };
    private static readonly Option<string> WrappingValidity = new("--wrapping-validity") { Description = "how long a wrapping key's certificate is good for", DefaultValueFactory = _ => "8760h" };
    private static readonly Option<string> Listen = new("--import-listen") { Description = "address of the import API, such as 0.0.0.0:8443; left out: none", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> Certificate = new("--import-tls-cert") { Description = "PEM file with the import API's certificate and its chain; read again when it changes" };
    private static readonly Option<string?> Key = new("--import-tls-key") { Description = "PEM file with the certificate's private key" };
    private static readonly Option<int> Pairs = new("--import-pairs-ahead") { Description = "key pairs made ahead for import requests", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> Calls = new("--import-calls-per-second") { Description = "calls of the import API that one tenant can keep up", DefaultValueFactory = _ => 10 };

    public static IReadOnlyList<Option> All => [WrappingName, WrappingValidity, Listen, Certificate, Key, Pairs, Calls];

    public static ImportSettings Read(ParseResult parsed) => new()
    {
        WrappingName = parsed.GetValue(WrappingName)!,
        WrappingValidity = GoDuration.TryParse(parsed.GetValue(WrappingValidity), out var validity) ? validity : TimeSpan.Zero,
        Listen = parsed.GetValue(Listen)!,
        TlsCertificate = parsed.GetValue(Certificate),
        TlsKey = parsed.GetValue(Key),
        PairsAhead = parsed.GetValue(Pairs),
        CallsPerSecond = parsed.GetValue(Calls),
    };

    /// <summary>Empty when they are sound.</summary>
    public static IEnumerable<string> Violations(ImportSettings settings)
    {
        if (settings.WrappingName.Length is 0 or > MostName || settings.WrappingName.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
        {
            yield return $"--wrapping-name is '{settings.WrappingName}': give 1 to {MostName.ToString(CultureInfo.InvariantCulture)} lower-case letters, digits and hyphens, such as eu-west-1";
        }

        if (settings.WrappingValidity < TimeSpan.FromDays(1))
        {
            yield return "--wrapping-validity is no duration of a day or more: give one such as 8760h";
        }

        if (settings.PairsAhead is < 1 or > MostPairs)
        {
            yield return $"--import-pairs-ahead is {settings.PairsAhead.ToString(CultureInfo.InvariantCulture)}: give 1 to {MostPairs.ToString(CultureInfo.InvariantCulture)}";
        }

        if (settings.CallsPerSecond < 1)
        {
            yield return "--import-calls-per-second is less than 1: give 1 or more";
        }

        foreach (var violation in settings.Listen.Length > 0 ? Listening(settings) : [])
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Listening(ImportSettings settings)
    {
        var colon = settings.Listen.LastIndexOf(':');
        var host = colon > 0 ? settings.Listen[..colon] : "";
        if (!ushort.TryParse(settings.Listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) || (host != "localhost" && !IPAddress.TryParse(host, out _)))
        {
            yield return $"--import-listen is '{settings.Listen}': give address:port, such as 0.0.0.0:8443";
            yield break;
        }

        if (settings.TlsCertificate is null != settings.TlsKey is null)
        {
            yield return "--import-tls-cert and --import-tls-key go together: give both";
        }

        if (settings.TlsCertificate is null && host != "localhost" && !IPAddress.IsLoopback(IPAddress.Parse(host)))
        {
            yield return "--import-listen on an address that others reach needs --import-tls-cert and --import-tls-key: API keys and tokens never travel in the clear";
        }

        if (settings is { TlsCertificate: { } certificate, TlsKey: { } key } && Unreadable(certificate, key) is { } why)
        {
            yield return $"--import-tls-cert and --import-tls-key can't be used: {why}";
        }
    }

    private static string? Unreadable(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return unreadable.Message;
        }
    }
}
