using System.Text;

namespace ByokOperator.Tests.Keygen;

/// <summary>What a program left behind.</summary>
internal sealed record Ran(int Code, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output).Trim();
}
