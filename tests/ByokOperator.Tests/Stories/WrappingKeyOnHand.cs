using Byok.Import.Wrapping;
using Kube.Core.Kinds;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>The platform's wrapping key, made once for all stories of a process that are not about its making: an
/// operator that finds one makes none.</summary>
internal static class WrappingKeyOnHand
{
    private static readonly WrappingOptions options = new() { Namespace = Stage.SystemNamespace };
    private static readonly Lazy<Secret> made =
        new(() => WrappingSecret.Make(options, 1, TimeProvider.System.GetUtcNow()));

    public static Task PutAsync(Stage stage) =>
        new PlatformKeys(stage.Kube, options).TryAddAsync(made.Value, CancellationToken.None);
}
