// What page_check.py has to know of a page as the browser has laid it out: its texts with their boxes and colours, what
// scrolls, charts with their axes, and the colours of series. Observes and does not judge. One expression; its value is
// an object of functions that page_check.py calls. Boxes and corners are CSS pixels from the top left of the page.
(() => {
  const NAME_MAX = 60;
  const brief = text => {
    const line = text.replace(/\s+/g, ' ').trim();
    return line.length > NAME_MAX ? line.slice(0, NAME_MAX - 1) + '…' : line;
  };

  // How a reader would find an element again: the chart's or table's own words, else the nearest name in the document.
  const placeOf = element => {
    const chart = element.closest('svg[aria-label]');
    if (chart) return brief(chart.getAttribute('aria-label'));
    const figure = element.closest('figure');
    const caption = figure && figure.querySelector('figcaption');
    if (caption) return brief(caption.textContent);
    const section = element.closest('section, main, header, footer, body');
    const heading = section && section.querySelector('h1, h2, h3');
    return heading ? brief(heading.textContent) : element.tagName.toLowerCase();
  };

  // Any colour that a style may hold, as [red, green, blue, opacity]; null for gradients, patterns and none.
  const scratch = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const colours = new Map();
  const colourOf = style => {
    if (!colours.has(style)) {
      colours.set(style, null);
      if (CSS.supports('color', style)) {
        scratch.clearRect(0, 0, 1, 1);
        scratch.fillStyle = style;
        scratch.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = scratch.getImageData(0, 0, 1, 1).data;
        colours.set(style, [red, green, blue, alpha / 255]);
      }
    }
    return colours.get(style);
  };
  const faded = (colour, opacity) => colour && [...colour.slice(0, 3), colour[3] * opacity];
  const over = (upper, lower) => [0, 1, 2].map(i => upper[i] * upper[3] + lower[i] * (1 - upper[3])).concat(1);

  const ancestors = function* (element) {
    for (; element; element = element.parentElement) yield element;
  };
  // What an element has from its ancestors, worked out once: a table's thousand cells share them.
  const inherited = ofParentAnd => {
    const known = new Map([[null, undefined]]);
    const of = element => {
      if (!known.has(element)) known.set(element, ofParentAnd(of(element.parentElement), element));
      return known.get(element);
    };
    return of;
  };
  const opacityOf = inherited((above = 1, element) => above * Number(getComputedStyle(element).opacity));
  const paperBehind = element => {
    const layers = [];
    for (const each of ancestors(element)) {
      const colour = colourOf(getComputedStyle(each).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((paper, layer) => over(layer, paper), [255, 255, 255, 1]);
  };
  const isShown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true,
                                                      contentVisibilityAuto: true});
  // What is put out of sight for screen readers alone: a box of one pixel, or a clip that leaves nothing.
  const isForReadersOnly = inherited((above = false, element) => {
    const {overflowX, clipPath} = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return above || (overflowX !== 'visible' && box.width <= 1 && box.height <= 1) ||
           /^inset\((50|100)%\)$/.test(clipPath);
  });

  // Between which shares of a line's height its glyphs have ink: [top, bottom] of the font's own box.
  const inkOf = (element, text) => {
    const style = getComputedStyle(element);
    scratch.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const size = scratch.measureText(style.textTransform === 'uppercase' ? text.toUpperCase() : text);
    const height = size.fontBoundingBoxAscent + size.fontBoundingBoxDescent;
    return [(size.fontBoundingBoxAscent - size.actualBoundingBoxAscent) / height,
            (size.fontBoundingBoxAscent + size.actualBoundingBoxDescent) / height];
  };
  const cornersOf = (box, ink, matrix) => {
    const top = box.y + box.height * ink[0];
    const bottom = box.y + box.height * ink[1];
    return [[box.x, top], [box.x + box.width, top], [box.x + box.width, bottom], [box.x, bottom]].map(([x, y]) => {
      const point = new DOMPoint(x, y).matrixTransform(matrix);
      return [point.x, point.y];
    });
  };

  const boxAround = corners => {
    const [xs, ys] = [0, 1].map(i => corners.map(corner => corner[i]));
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  };

  // The part of a text's box that is left by everything that cuts it off, and the first thing that does so unasked.
  const visiblePart = (element, corners) => {
    const box = boxAround(corners);
    const shown = [...box];
    let cutBy = null;
    for (const each of ancestors(element)) {
      const tag = each.tagName.toLowerCase();
      if (each === document.body || each === document.documentElement) break;
      if (each.ownerSVGElement) continue;
      const {overflowX, display} = getComputedStyle(each);
      const isPicture = ['figure', 'svg', 'canvas'].includes(tag);
      if (!isPicture && (overflowX === 'visible' || display === 'inline')) continue;
      const edge = each.getBoundingClientRect();
      const beyond = [edge.left - box[0], edge.top - box[1], box[2] - edge.right, box[3] - edge.bottom];
      const scrolls = overflowX === 'auto' || overflowX === 'scroll';  // what is beyond can be reached
      if (!cutBy && !scrolls && Math.max(...beyond) > 1) cutBy = tag;
      shown[0] = Math.max(shown[0], edge.left);
      shown[1] = Math.max(shown[1], edge.top);
      shown[2] = Math.min(shown[2], edge.right);
      shown[3] = Math.min(shown[3], edge.bottom);
      if (scrolls) break;
    }
    return {shown, cutBy};
  };

  const textFact = (element, text, corners, size, paint) => {
    const style = getComputedStyle(element);
    return {text: brief(text), place: placeOf(element), chart: Boolean(element.closest('svg')), corners, size,
            ...visiblePart(element, corners), weight: Number(style.fontWeight),
            colour: faded(paint, opacityOf(element))};
  };

  // One fact a line of each piece of HTML text; `id` is shared by lines of one element.
  const htmlTexts = () => {
    const facts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const owners = new Map();
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || element.closest('svg, script, style, noscript, option, canvas')) continue;
      if (!isShown(element) || isForReadersOnly(element)) continue;
      if (!owners.has(element)) owners.set(element, owners.size);
      const range = document.createRange();
      range.selectNodeContents(node);
      const style = getComputedStyle(element);
      const ink = inkOf(element, node.data);
      for (const box of range.getClientRects()) {
        if (box.width < 1) continue;
        const corners = cornersOf(box, ink, new DOMMatrix());
        facts.push({...textFact(element, node.data, corners, parseFloat(style.fontSize),
                                colourOf(style.webkitTextFillColor)), id: owners.get(element)});
      }
    }
    return facts;
  };

  // One fact an SVG text, or a span of it where the text itself holds nothing else; turned texts keep their corners.
  const svgTexts = () => {
    const facts = [];
    for (const element of document.querySelectorAll('svg text, svg tspan')) {
      const own = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
      const inside = element.localName === 'tspan' &&
                     [...element.parentElement.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
      if (!own || inside || !isShown(element)) continue;
      const style = getComputedStyle(element);
      const matrix = element.getScreenCTM();
      const scale = Math.hypot(matrix.b, matrix.d);
      const corners = cornersOf(element.getBBox(), inkOf(element, element.textContent), matrix);
      facts.push({...textFact(element, element.textContent, corners, parseFloat(style.fontSize) * scale,
                              faded(colourOf(style.fill), Number(style.fillOpacity))), id: -1 - facts.length});
    }
    return facts;
  };

  // Boxes with more inside than they show across; `how` is their overflow, `marked` whether they are meant to scroll.
  const overflows = () => {
    const found = [];
    for (const element of document.body.querySelectorAll('*')) {
      const how = getComputedStyle(element).overflowX;
      if (element.ownerSVGElement || how === 'visible' || element.clientWidth <= 1) continue;
      if (element.scrollWidth > element.clientWidth + 1 && isShown(element) && !isForReadersOnly(element)) {
        found.push({place: `${placeOf(element)}: ${element.tagName.toLowerCase()}`, how,
                    marked: element.hasAttribute('data-scrolls'),
                    wide: element.scrollWidth, room: element.clientWidth});
      }
    }
    return found;
  };

  const axisFact = axis => ({
    axis: axis.getAttribute('data-axis'),
    unit: axis.getAttribute('data-unit') || '',
    titles: [...axis.querySelectorAll('text.axis-title')].map(title => ({
      text: title.textContent.replace(/\s+/g, ' ').trim(),
      shown: isShown(title) && title.getBoundingClientRect().width > 0})),
    ticks: [...axis.querySelectorAll('text:not(.axis-title)')].filter(isShown).length});
  const charts = () => [...document.querySelectorAll('svg')].filter(svg => !svg.ownerSVGElement).map(svg => {
    const box = svg.getBoundingClientRect();
    return {label: (svg.getAttribute('aria-label') || '').trim(), place: placeOf(svg), role: svg.getAttribute('role'),
            none: svg.getAttribute('data-chart') === 'none', framed: Boolean(svg.closest('figure')),
            shown: isShown(svg) && box.width > 1 && box.height > 1 && svg.getBBox().width > 0,
            axes: [...svg.querySelectorAll('g.axis')].map(axisFact)};
  });

  // The colour that tells a mark apart: of its area, else of its line; of a group, that of the first mark inside.
  const markColour = element => {
    const style = getComputedStyle(element);
    if (!(element instanceof SVGElement)) {
      const area = colourOf(style.backgroundColor);
      const line = parseFloat(style.borderTopWidth) > 0 ? colourOf(style.borderTopColor) : null;
      return faded(area[3] > 0 ? area : line || colourOf(style.color), opacityOf(element));
    }
    const mark = element instanceof SVGGeometryElement || element.localName === 'text' ? element :
                 element.querySelector('path, rect, circle, ellipse, line, polyline, polygon, text');
    if (!mark) return null;
    const own = getComputedStyle(mark);
    const area = own.fill === 'none' || mark.localName === 'line' ? null :
                 faded(colourOf(own.fill), Number(own.fillOpacity));
    const line = own.stroke === 'none' ? null : faded(colourOf(own.stroke), Number(own.strokeOpacity));
    return faded(area && area[3] > 0 ? area : line, opacityOf(mark));
  };
  const series = () => {
    const found = new Map();
    const figures = [...document.querySelectorAll('figure')];
    for (const element of document.querySelectorAll('[data-series]')) {
      if (!isShown(element)) continue;
      const group = element.closest('figure') || document.body;
      const colour = markColour(element);
      const fact = {figure: figures.indexOf(group), place: placeOf(group), name: element.getAttribute('data-series'),
                    mark: element.getAttribute('data-mark') || '', colour: colour && over(colour, paperBehind(group))};
      found.set(JSON.stringify(fact), fact);
    }
    return [...found.values()];
  };

  // Texts painted into a canvas leave no trace in the document. So painting is watched, from before the page's first
  // script: each text is noted with what the canvas shows under it, until the canvas is wiped for the next picture.
  const PAINTED = Symbol.for('page_check: texts painted into canvases');
  const watchCanvases = () => {
    const painted = globalThis[PAINTED] = new Map();
    const brush = CanvasRenderingContext2D.prototype;
    for (const name of ['clearRect', 'fillRect']) {
      const paint = brush[name];
      brush[name] = function(x, y, width, height) {
        const [left, top, right, bottom] = boxAround(cornersOf({x, y, width, height}, [0, 1], this.getTransform()));
        const isAll = left <= 0 && top <= 0 && right >= this.canvas.width && bottom >= this.canvas.height;
        if (isAll) painted.delete(this.canvas);
        return paint.call(this, x, y, width, height);
      };
    }
    const width = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width');
    Object.defineProperty(HTMLCanvasElement.prototype, 'width', {...width, set(pixels) {
      painted.delete(this);  // a size that is set, the same one too, wipes the canvas
      width.set.call(this, pixels);
    }});
    const {fillText} = brush;
    brush.fillText = function(text, x, y, ...rest) {
      const size = this.measureText(text);
      const box = {x: x - size.actualBoundingBoxLeft, y: y - size.actualBoundingBoxAscent,
                   width: size.actualBoundingBoxLeft + size.actualBoundingBoxRight,
                   height: size.actualBoundingBoxAscent + size.actualBoundingBoxDescent};
      const corners = cornersOf(box, [0, 1], this.getTransform());
      const fact = {text, corners, colour: faded(colourOf(this.fillStyle), this.globalAlpha),
                    font: parseFloat(this.font.match(/[\d.]+px/)[0]) * Math.hypot(this.getTransform().b,
                                                                                  this.getTransform().d),
                    weight: /\bbold\b|\b[7-9]00\b/.test(this.font) ? 700 : 400,
                    under: pixelsIn(copyOf(this.canvas), boxAround(corners))};
      painted.set(this.canvas, [...(painted.get(this.canvas) || []), fact]);
      return fillText.call(this, text, x, y, ...rest);
    };
  };
  const canvasTexts = () => {
    const facts = [];
    for (const [canvas, texts] of globalThis[PAINTED] || []) {
      if (!canvas.isConnected || !isShown(canvas)) continue;
      const place = canvas.getBoundingClientRect();
      const scale = place.width / canvas.width;
      for (const {text, corners, colour, font, weight, under} of texts) {
        const onPage = corners.map(([x, y]) => [place.left + x * scale, place.top + y * scale]);
        const paper = paperBehind(canvas);
        facts.push({text: brief(text), place: placeOf(canvas), chart: true, corners: onPage,
                    ...visiblePart(canvas, onPage), size: font * scale, weight, colour,
                    behind: colour && contrastOver(colour, under, paper), id: `canvas ${facts.length}`});
      }
    }
    return facts;
  };
  const canvases = () => [...document.querySelectorAll('canvas')].filter(isShown).map(canvas => {
    const pixels = new Uint32Array(pixelsIn(copyOf(canvas), [0, 0, canvas.width, canvas.height]).buffer);
    return {place: placeOf(canvas), role: canvas.getAttribute('role'), label: canvas.getAttribute('aria-label') || '',
            painted: pixels.some(pixel => pixel !== pixels[0])};
  });

  // With texts taken away the page shows what is really behind them; animations would be photographed half-way.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { -webkit-text-fill-color: transparent !important; text-decoration-color: transparent !important;
                         transition: none !important; animation: none !important; }
                     text, tspan { fill: transparent !important; }`);
  const takeTextsAway = () => { document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; };

  // Contrast by WCAG 2.1 between each text and what a photograph without texts shows in its box. What is behind is not
  // one colour: the answer is what nine tenths of the pixels reach, so a grid line of one pixel does not condemn a
  // label, and half a label on a bar does. `png` is in base64, boxes are in pixels of it. Runs in any page.
  const PIXELS_SPARED = 0.1;
  const luminance = colour => {
    const [red, green, blue] = colour.slice(0, 3).map(
        c => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrastOf = (colour, paper) => {
    const [low, high] = [luminance(over(colour, paper)), luminance(paper)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const contrastOver = (colour, pixels, paper) => {
    const counts = new Map();
    for (const pixel of new Uint32Array(pixels.buffer)) counts.set(pixel, (counts.get(pixel) || 0) + 1);
    const behind = [...counts].map(([pixel, count]) => {
      const [red, green, blue, alpha] = new Uint8Array(Uint32Array.of(pixel).buffer);
      const seen = over([red, green, blue, alpha / 255], paper);
      return {ratio: contrastOf(colour, seen), paper: seen.slice(0, 3), count};
    }).sort((a, b) => a.ratio - b.ratio);
    let spared = PIXELS_SPARED * pixels.length / 4;
    return behind.find(({count}) => (spared -= count) < 0) || behind.at(-1);
  };
  // A copy to read pixels from: reading a page's own canvas makes the browser complain of it on the page's console.
  const copyOf = picture => {
    const copy = new OffscreenCanvas(picture.width, picture.height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(picture, 0, 0);
    return copy;
  };
  const pixelsIn = (copy, [left, top, right, bottom]) => copy.getImageData(
      Math.round(left), Math.round(top), Math.max(1, Math.round(right - left)), Math.max(1, Math.round(bottom - top)))
      .data;
  const contrastsBehind = async (png, texts) => {
    const bytes = Uint8Array.from(atob(png), letter => letter.charCodeAt(0));
    const photograph = copyOf(await createImageBitmap(new Blob([bytes], {type: 'image/png'})));
    return texts.map(({box, colour}) => contrastOver(colour, pixelsIn(photograph, box), [0, 0, 0, 1]));
  };

  // Words that a PDF can be searched for, where something begins that must not be broken and where it ends: `zqNa` and
  // `zqNz`. A heading ends where what it stands above begins.
  const markUnbreakable = () => {
    const wholes = [];
    const whole = (kind, name, element, last, edge) => wholes.push(
        {fact: {kind, name, height: element.getBoundingClientRect().height}, ends: [[element, 'top'], [last, edge]]});
    const shown = selector => [...document.querySelectorAll(selector)].filter(isShown);
    for (const figure of shown('figure')) whole('figure', placeOf(figure), figure, figure, 'bottom');
    for (const row of shown('tr')) whole('row', brief(row.innerText), row.cells[0], row.cells[0], 'bottom');
    for (const heading of shown('h1, h2, h3')) {
      const next = heading.nextElementSibling;
      if (next) whole('heading', brief(heading.innerText), heading, next.querySelector('th, td') || next, 'top');
    }
    wholes.forEach(({ends}, number) => ends.forEach(([host, edge], end) => {
      if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
      const mark = document.createElement('span');
      mark.textContent = `zq${number}${'az'[end]}`;
      // Beside each other, or the words of a figure and of its first row would be one.
      Object.assign(mark.style, {position: 'absolute', [edge]: '0', left: `${8 * (number % 20)}px`,
                                 font: '1px/1 sans-serif', whiteSpace: 'nowrap'});
      host.append(mark);
    }));
    return wholes.map(({fact}) => fact);
  };

  const measure = () => ({
    wide: document.scrollingElement.scrollWidth, room: innerWidth, overflows: overflows(), charts: charts(),
    texts: [...htmlTexts(), ...svgTexts(), ...canvasTexts()], canvases: canvases(), series: series(),
    unnamed: [...document.querySelectorAll('figure')].filter(f => !(f.querySelector('figcaption') || {}).textContent)
        .map(placeOf)});
  return {watchCanvases, measure, takeTextsAway, contrastsBehind, markUnbreakable};
})()
