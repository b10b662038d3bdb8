using Kube.Core;

namespace Quickstart;

/// <summary>Waits as long as what it waits for changes, however slow the machine is, and no longer than
/// <paramref name="timeout"/> for the next change.</summary>
internal sealed class Wait(Narrator narrator, TimeSpan timeout)
{
    private TimeSpan until = narrator.Elapsed + timeout;
    private string? version;

    /// <param name="seen">Of the object, as it stands now.</param>
    public bool IsOver(ObjectMeta seen)
    {
        if (seen.ResourceVersion != version)
        {
            (until, version) = (narrator.Elapsed + timeout, seen.ResourceVersion);
        }

        return narrator.Elapsed > until;
    }
}
