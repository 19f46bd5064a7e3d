using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace LeadLedger.Staff.Frame;

/// <summary>A Razor component as the answer to a request, rendered whole on the server.</summary>
public sealed class PageAnswer(Type component, IReadOnlyDictionary<string, object?> parameters, int status = StatusCodes.Status200OK) : IResult
{
    /// <summary>A page.</summary>
    /// <typeparam name="TPage">The component; its parameters are given by name.</typeparam>
    public static PageAnswer Of<TPage>(params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent => Of<TPage>(StatusCodes.Status200OK, parameters);

    public static PageAnswer Of<TPage>(int status, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            named[name] = value;
        }

        return new PageAnswer(typeof(TPage), named, status);
    }

    /// <summary>A page that only says something: what is the matter, and what would help.</summary>
    public static PageAnswer Message(int status, string what, string remedy) =>
        Of<Pages.MessagePage>(status, ("What", what), ("Remedy", remedy));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var context = PageContext.Of(httpContext);
        var all = new Dictionary<string, object?>(parameters, StringComparer.Ordinal) { ["Page"] = context };
        await using var renderer = new HtmlRenderer(httpContext.RequestServices, httpContext.RequestServices.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(all))).ToHtmlString());
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        await httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
    }
}
