using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ByokOperator.Hosting;

/// <summary>
/// Options of a host that are given whole, since a command line has said all of them, and are checked before anybody
/// has them: by the host when it starts, or by whoever asks first.
/// </summary>
internal static class CheckedOptions
{
    /// <summary>What of a type of options a container may make by itself; ours are never made so.</summary>
    private const DynamicallyAccessedMemberTypes Made = DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    /// <param name="services">Of the host.</param>
    /// <param name="given">Not checked yet.</param>
    /// <param name="violations">Empty where they are sound; every message names the flag and the mend.</param>
    public static IServiceCollection AddChecked<[DynamicallyAccessedMembers(Made)] TOptions>(
        this IServiceCollection services, TOptions given, Func<TOptions, IEnumerable<string>> violations)
        where TOptions : class
    {
        services.AddOptions<TOptions>().ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<TOptions>>(new Rules<TOptions>(violations))
            .AddSingleton<IOptionsFactory<TOptions>>(
                host => new Given<TOptions>(given, host.GetServices<IValidateOptions<TOptions>>()));
    }

    /// <exception cref="OptionsValidationException">They are not sound.</exception>
    public static TOptions Checked<[DynamicallyAccessedMembers(Made)] TOptions>(this IServiceProvider services)
        where TOptions : class => services.GetRequiredService<IOptions<TOptions>>().Value;

    private sealed class Rules<TOptions>(Func<TOptions, IEnumerable<string>> violations) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            violations(options).ToList() is { Count: > 0 } wrong
                ? ValidateOptionsResult.Fail(wrong)
                : ValidateOptionsResult.Success;
    }

    private sealed class Given<[DynamicallyAccessedMembers(Made)] TOptions>(
        TOptions given, IEnumerable<IValidateOptions<TOptions>> rules)
        : OptionsFactory<TOptions>([], [], rules)
        where TOptions : class
    {
        protected override TOptions CreateInstance(string name) => given;
    }
}
