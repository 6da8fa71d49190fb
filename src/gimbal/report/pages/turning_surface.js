// A surface as one can turn it, out of the page's data block: profit over moves of spot and volatility, or volatility
// over moneyness and time. Drawn by the painter's order, farthest first, so that what is behind is hidden. Without this
// script the other figures of the page say the same.
(() => {
  'use strict';
  const figure = document.getElementById('turning');
  const data = JSON.parse(document.getElementById('data').textContent);
  if (!figure) return;

  const LEVELS = 5;
  const signed = (value, digits) => `${value > 0 ? '+' : ''}${value.toFixed(digits)}`;
  const level = share => Math.round(Math.min(1, share) * LEVELS);
  const moneyUnit = most => most < 1e4 ? [1, ''] : most < 1e7 ? [1e3, 'thousand '] : [1e6, 'million '];

  // What is shown: two axes, and for each grid its values, the range of their heights and how they are written.
  const profitOver = moves => ({
    grids: moves.grids,
    x: {title: 'Spot, %', values: moves.spot_moves, every: 3, text: move => signed(100 * move, 0)},
    y: {title: 'Volatility, %', values: moves.volatility_moves, every: 2, text: move => signed(100 * move, 0)},
    valuesOf: (grid, book) => book === 'before' ? grid.profit_before : grid.profit_after,
    // Both books share one height, so that a change of the book is a change of the picture.
    rangeOf: grid => {
      const most = Math.max(1e-12, ...[grid.profit_before, grid.profit_after].flat(2).map(v => Math.abs(v ?? 0)));
      return [-most, most];
    },
    // The scale of the heat maps.
    colourOf: (value, grid) => {
      const step = level(Math.abs(value) / Math.max(1e-12, grid.colour_end));
      return step === 0 ? 'even' : `${value > 0 ? 'gain' : 'loss'}-${step}`;
    },
    titleOf: range => `Profit, ${moneyUnit(range[1])[1]}${data.numeraire}`,
    textOf: (amount, step, range) => {
      const unit = moneyUnit(range[1])[0];
      return signed(amount / unit, Math.max(0, -Math.floor(Math.log10(step / unit))));
    },
  });
  const volatilityOver = surface => ({
    grids: surface.grids,
    x: {title: 'Standard deviations', values: surface.deviations, every: 4, text: value => signed(value, 0)},
    y: {title: 'Days', values: surface.days, every: 3, text: value => value.toFixed(value < 10 ? 1 : 0)},
    valuesOf: grid => grid.volatility,
    rangeOf: grid => {
      const all = grid.volatility.flat();
      return [Math.min(...all), Math.max(Math.min(...all) + 1e-6, ...all)];
    },
    colourOf: (value, grid, range) => {
      const step = level((value - range[0]) / (range[1] - range[0]));
      return step === 0 ? 'even' : `gain-${step}`;
    },
    titleOf: () => 'Volatility, % a year',
    textOf: (amount, step) => (100 * amount).toFixed(Math.max(0, -Math.floor(Math.log10(100 * step)))),
  });
  const shown = data.risk_surface ? profitOver(data.risk_surface) :
      data.volatility_surface ? volatilityOver(data.volatility_surface) : null;
  if (!shown) return;

  const canvas = figure.querySelector('canvas');
  const brush = canvas.getContext('2d');
  const reduced = matchMedia('(prefers-reduced-motion: reduce)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const FONT = 12;
  const PITCH_LEAST = 0.12;
  const PITCH_MOST = 1.35;
  // The corner of large losses, or of low strikes, is in front at first.
  const view = {yaw: 0.6, pitch: 0.5, book: 'after', moved: shown.grids[0].moved};
  const {x: xs, y: ys} = shown;
  const gridOf = () => shown.grids.find(grid => grid.moved === view.moved);
  const rangeOf = () => shown.rangeOf(gridOf());

  // The surface morphs to the heights that were asked for; without motion it is there at once.
  let heights = null;
  let running = 0;
  const wanted = () => {
    const [least, most] = rangeOf();
    return shown.valuesOf(gridOf(), view.book)
        .map(row => row.map(value => 2 * ((value ?? 0) - least) / (most - least) - 1));
  };
  const valueAt = (height, [least, most]) => least + (height + 1) / 2 * (most - least);
  const settle = () => {
    cancelAnimationFrame(running);
    const target = wanted();
    if (!heights || reduced.matches) {
      heights = target;
      paint();
      return;
    }
    const start = heights;
    const began = performance.now();
    const DURATION_MS = 250;
    const step = now => {
      const share = Math.min(1, (now - began) / DURATION_MS);
      const eased = share * (2 - share);
      heights = target.map((row, i) => row.map((value, j) => start[i][j] + eased * (value - start[i][j])));
      paint();
      if (share < 1) running = requestAnimationFrame(step);
    };
    running = requestAnimationFrame(step);
  };

  // The box is 2 wide, 2 deep and HEIGHT high, its middle at the origin; z is the value.
  const HEIGHT = 1.3;
  const place = (values, index) => 2 * index / (values.length - 1) - 1;
  let size = {width: 0, height: 0, scale: 1};
  const project = ([x, y, z]) => {
    const [sinYaw, cosYaw] = [Math.sin(view.yaw), Math.cos(view.yaw)];
    const [sinPitch, cosPitch] = [Math.sin(view.pitch), Math.cos(view.pitch)];
    const across = x * cosYaw - y * sinYaw;
    const deep = x * sinYaw + y * cosYaw;
    return {x: size.width / 2 + size.scale * across,
            y: size.height / 2 - size.scale * (z * cosPitch + deep * sinPitch),
            depth: deep * cosPitch - z * sinPitch};
  };

  const colourOf = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const path = points => {
    brush.beginPath();
    points.forEach((point, i) => i === 0 ? brush.moveTo(point.x, point.y) : brush.lineTo(point.x, point.y));
  };
  const stroke = (points, colour, width) => {
    path(points.map(project));
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.stroke();
  };

  // Floor and the two walls that are behind everything, seen from here.
  const backOf = () => {
    const facing = corner => project([corner[0], corner[1], 0]).depth;
    return {x: facing([1, 0]) > facing([-1, 0]) ? 1 : -1, y: facing([0, 1]) > facing([0, -1]) ? 1 : -1};
  };
  // Round amounts between the least and the most, five at most.
  const ticksOf = ([least, most]) => {
    const decade = 10 ** Math.floor(Math.log10((most - least) / 2));
    const step = [0.5, 1, 2, 5].map(factor => factor * decade).find(width => (most - least) / width <= 5);
    const first = Math.ceil(least / step);
    return Array.from({length: 6}, (_, i) => (first + i) * step).filter(amount => amount <= most);
  };
  const heightOf = (amount, [least, most]) => (2 * (amount - least) / (most - least) - 1) * HEIGHT / 2;
  const paintWalls = back => {
    const [rule, grid] = [colourOf('rule'), colourOf('grid')];
    const range = rangeOf();
    for (const amount of ticksOf(range)) {
      const z = heightOf(amount, range);
      const width = amount === 0 ? 1.5 : 1;
      stroke([[back.x, -1, z], [back.x, 1, z]], amount === 0 ? rule : grid, width);
      stroke([[-1, back.y, z], [1, back.y, z]], amount === 0 ? rule : grid, width);
    }
    const floor = -HEIGHT / 2;
    stroke([[-1, -1, floor], [1, -1, floor], [1, 1, floor], [-1, 1, floor], [-1, -1, floor]], rule, 1);
    for (const [x, y] of [[back.x, -1], [back.x, 1], [-1, back.y], [1, back.y]])
      stroke([[x, y, floor], [x, y, HEIGHT / 2]], grid, 1);
  };

  const paintSurface = () => {
    const grid = gridOf();
    const range = rangeOf();
    const vertex = (i, j) => [place(xs.values, i), place(ys.values, j), heights[i][j] * HEIGHT / 2];
    const faces = [];
    for (let i = 0; i + 1 < xs.values.length; i++)
      for (let j = 0; j + 1 < ys.values.length; j++) {
        const points = [vertex(i, j), vertex(i + 1, j), vertex(i + 1, j + 1), vertex(i, j + 1)].map(project);
        const height = (heights[i][j] + heights[i + 1][j] + heights[i + 1][j + 1] + heights[i][j + 1]) / 4;
        // Faces of a surface over a grid are ordered by the depth of their feet alone.
        const foot = project([(place(xs.values, i) + place(xs.values, i + 1)) / 2,
                              (place(ys.values, j) + place(ys.values, j + 1)) / 2, 0]);
        faces.push({points, height, depth: foot.depth});
      }
    faces.sort((a, b) => b.depth - a.depth);
    brush.lineJoin = 'round';
    for (const face of faces) {
      path(face.points);
      brush.closePath();
      brush.fillStyle = colourOf(shown.colourOf(valueAt(face.height, range), grid, range));
      brush.fill();
      brush.strokeStyle = colourOf('muted');
      brush.lineWidth = 0.5;
      brush.stroke();
    }
  };

  // Texts keep clear of each other: one that would touch an earlier one is left out.
  let taken = [];
  const write = (text, x, y, align, colour) => {
    brush.font = `${FONT}px ${getComputedStyle(canvas).fontFamily}`;
    const width = brush.measureText(text).width;
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    const held = Math.min(Math.max(left, 1), size.width - width - 1);
    const box = [held - 3, y - FONT, held + width + 3, y + 4];
    if (box[1] < 0 || box[3] > size.height) return;
    if (taken.some(other => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return;
    taken.push(box);
    brush.textAlign = 'left';
    brush.fillStyle = colour;
    brush.fillText(text, held, y);
  };

  // Numbers stand along the two edges of the floor that are in front, and up the wall's outer edge.
  const paintNumbers = back => {
    const [ink, muted] = [colourOf('ink'), colourOf('muted')];
    const floor = -HEIGHT / 2;
    const outward = 1.14;
    const far = 1.42;
    const middle = project([0, 0, floor]).x;
    const beside = point => Math.abs(point.x - middle) < 20 ? 'center' : point.x < middle ? 'right' : 'left';
    taken = [];
    const xTitle = project([0, -back.y * far, floor]);
    write(xs.title, xTitle.x, xTitle.y + 8, beside(xTitle), ink);
    const yTitle = project([-back.x * far, 0, floor]);
    write(ys.title, yTitle.x, yTitle.y + 8, beside(yTitle), ink);
    const range = rangeOf();
    write(shown.titleOf(range), 2, FONT + 2, 'left', ink);
    xs.values.forEach((value, i) => {
      if (i % xs.every !== 0) return;
      const point = project([place(xs.values, i), -back.y * outward, floor]);
      write(xs.text(value), point.x, point.y + 4, 'center', muted);
    });
    ys.values.forEach((value, j) => {
      if (j % ys.every !== 0) return;
      const point = project([-back.x * outward, place(ys.values, j), floor]);
      write(ys.text(value), point.x, point.y + 4, 'center', muted);
    });
    const ticks = ticksOf(range);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : range[1] - range[0];
    // The upright edge that is farthest to the left.
    const edges = [[back.x, -back.y], [-back.x, back.y]].map(([x, y]) => ({x, y, at: project([x, y, 0]).x}));
    const edge = edges[0].at < edges[1].at ? edges[0] : edges[1];
    for (const amount of ticks) {
      const point = project([edge.x, edge.y, heightOf(amount, range)]);
      write(shown.textOf(amount, step, range), point.x - 6, point.y + 4, 'right', muted);
    }
  };

  const paint = () => {
    const box = canvas.getBoundingClientRect();
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    size = {width: box.width, height: box.height, scale: box.width / 3.9};
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, box.width, box.height);
    const back = backOf();
    paintWalls(back);
    paintSurface();
    paintNumbers(back);
  };

  const turn = (yaw, pitch) => {
    view.yaw = (view.yaw + yaw) % (2 * Math.PI);
    view.pitch = Math.min(PITCH_MOST, Math.max(PITCH_LEAST, view.pitch + pitch));
    paint();
  };
  const RADIANS_PER_PIXEL = 0.008;
  const RADIANS_PER_KEY = 0.12;
  canvas.addEventListener('pointerdown', event => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener('pointermove', event => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    turn(-event.movementX * RADIANS_PER_PIXEL, event.movementY * RADIANS_PER_PIXEL);
  });
  canvas.addEventListener('keydown', event => {
    const turns = {ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (!turns) return;
    event.preventDefault();
    turn(turns[0] * RADIANS_PER_KEY, turns[1] * RADIANS_PER_KEY);
  });

  const press = (kind, value) => {
    view[kind] = value;
    for (const button of figure.querySelectorAll(`button[data-${kind}]`))
      button.setAttribute('aria-pressed', String(button.value === value));
  };
  for (const kind of ['book', 'moved'])
    for (const button of figure.querySelectorAll(`button[data-${kind}]`))
      button.addEventListener('click', () => {
        press(kind, button.value);
        settle();
      });

  figure.hidden = false;
  press('book', view.book);
  press('moved', view.moved);
  new ResizeObserver(paint).observe(canvas);
  dark.addEventListener('change', paint);
  settle();
})();
