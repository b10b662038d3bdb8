using Kube.Core;

namespace Kube.Client;

/// <summary>How many objects a page of one list holds. What others write decides how long a page is, so this client
/// asks for fewer where one is too long.</summary>
public sealed class PageSize(int first = KubeRequest.PageSize)
{
    /// <summary>Four tries from the usual size to a page of one.</summary>
    private const int Factor = 8;

    public int Current { get; private set; } = first;

    /// <summary>False when a page can't hold fewer.</summary>
    public bool Shrink()
    {
        if (Current <= 1)
        {
            return false;
        }

        Current = Math.Max(1, Current / Factor);
        return true;
    }
}
