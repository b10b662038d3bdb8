using System.CommandLine;
using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>The flags of <c>run</c> about imported keys.</summary>
internal static class ImportFlags
{
    private const int MostName = 40; // byok-wrapping-public-NAME is a label's length at most

    private static readonly Option<string> Namespace = new("--import-namespace")
    {
        Description = "where wrapping keys and import requests stand; left out: the operator's own namespace",
        DefaultValueFactory = _ => "",
    };
    private static readonly Option<string> WrappingName = NewWrappingName();
    private static readonly Option<string> WrappingValidity = new("--wrapping-validity")
    {
        Description = "how long a wrapping key's certificate is good for",
        DefaultValueFactory = _ => "8760h",
    };

    public static IReadOnlyList<Option> All => [Namespace, WrappingName, WrappingValidity];

    /// <summary>The same for all commands that have to do with the wrapping key.</summary>
    public static Option<string> NewWrappingName() =>
        new("--wrapping-name")
        {
            Description = "name of the platform's wrapping key, such as the region",
            DefaultValueFactory = _ => "platform",
        };

    public static ImportSettings Read(ParseResult parsed) => new()
    {
        Namespace = parsed.GetValue(Namespace)!,
        WrappingName = parsed.GetValue(WrappingName)!,
        WrappingValidity = GoDuration.TryParse(parsed.GetValue(WrappingValidity), out var validity) ? validity
            : TimeSpan.Zero,
    };

    /// <summary>Empty when they are sound.</summary>
    public static IEnumerable<string> Violations(ImportSettings settings)
    {
        foreach (var violation in NameViolations(settings.WrappingName))
        {
            yield return violation;
        }

        if (settings.Namespace.Length > 0 && !ObjectNames.IsNamespace(settings.Namespace))
        {
            yield return $"--import-namespace is '{settings.Namespace}': give a namespace";
        }

        if (settings.WrappingValidity < TimeSpan.FromDays(1))
        {
            yield return "--wrapping-validity is no duration of a day or more: give one such as 8760h";
        }
    }

    public static IEnumerable<string> NameViolations(string name)
    {
        if (name.Length is 0 or > MostName
            || name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
        {
            yield return $"--wrapping-name is '{name}': give 1 to {MostName.ToString(CultureInfo.InvariantCulture)} "
                + "lower-case letters, digits and hyphens, such as eu-west-1";
        }
    }
}
