// The risk surface as one can turn it: profit over moves of spot and volatility, out of the page's data block. Drawn by
// the painter's order, farthest first, so that what is behind is hidden. Without this script the heat maps say the same.
(() => {
  'use strict';
  const figure = document.getElementById('turning');
  const data = JSON.parse(document.getElementById('data').textContent);
  const surface = data.risk_surface;
  if (!figure || !surface) return;

  const canvas = figure.querySelector('canvas');
  const brush = canvas.getContext('2d');
  const reduced = matchMedia('(prefers-reduced-motion: reduce)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const LEVELS = 5;
  const FONT = 12;
  const PITCH_LEAST = 0.12;
  const PITCH_MOST = 1.35;
  // The corner of large losses is in front at first.
  const view = {yaw: 0.6, pitch: 0.5, book: 'after', moved: surface.grids[0].moved};

  const spots = surface.spot_moves;
  const volatilities = surface.volatility_moves;
  const gridOf = () => surface.grids.find(grid => grid.moved === view.moved);
  const profitsOf = grid => view.book === 'before' ? grid.profit_before : grid.profit_after;
  // Both books share one height, so that a change of the book is a change of the picture.
  const magnitudeOf = grid => Math.max(1e-12, ...[grid.profit_before, grid.profit_after].flat(2)
      .map(value => Math.abs(value ?? 0)));

  // The surface morphs to the heights that were asked for; without motion it is there at once.
  let heights = null;
  let running = 0;
  const wanted = () => {
    const grid = gridOf();
    const most = magnitudeOf(grid);
    return profitsOf(grid).map(row => row.map(value => (value ?? 0) / most));
  };
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

  // The box is 2 wide, 2 deep and HEIGHT high, its middle at the origin; x is spot, y volatility, z profit.
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
  const fillOf = (height, end) => {
    const level = Math.round(Math.min(1, Math.abs(height) / end) * LEVELS);
    return colourOf(level === 0 ? 'even' : `${height > 0 ? 'gain' : 'loss'}-${level}`);
  };

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
  // Round amounts between the least and the most, as shares of the height.
  const ticksOf = most => {
    const decade = 10 ** Math.floor(Math.log10(most));
    const step = [0.5, 1, 2, 5].map(factor => factor * decade).find(width => most / width <= 2.5);
    return Array.from({length: 5}, (_, i) => (i - 2) * step).filter(amount => Math.abs(amount) <= most);
  };
  const paintWalls = back => {
    const [rule, grid] = [colourOf('rule'), colourOf('grid')];
    const most = magnitudeOf(gridOf());
    for (const amount of ticksOf(most)) {
      const z = amount / most * HEIGHT / 2;
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
    const end = Math.max(1e-12, grid.colour_end / magnitudeOf(grid));  // the scale of the heat maps
    const vertex = (i, j) => [place(spots, i), place(volatilities, j), heights[i][j] * HEIGHT / 2];
    const faces = [];
    for (let i = 0; i + 1 < spots.length; i++)
      for (let j = 0; j + 1 < volatilities.length; j++) {
        const points = [vertex(i, j), vertex(i + 1, j), vertex(i + 1, j + 1), vertex(i, j + 1)].map(project);
        const height = (heights[i][j] + heights[i + 1][j] + heights[i + 1][j + 1] + heights[i][j + 1]) / 4;
        // Faces of a surface over a grid are ordered by the depth of their feet alone.
        const foot = project([(place(spots, i) + place(spots, i + 1)) / 2,
                              (place(volatilities, j) + place(volatilities, j + 1)) / 2, 0]);
        faces.push({points, height, depth: foot.depth});
      }
    faces.sort((a, b) => b.depth - a.depth);
    brush.lineJoin = 'round';
    for (const face of faces) {
      path(face.points);
      brush.closePath();
      brush.fillStyle = fillOf(face.height, end);
      brush.fill();
      brush.strokeStyle = colourOf('muted');
      brush.lineWidth = 0.5;
      brush.stroke();
    }
  };

  const moneyUnit = most => most < 1e4 ? [1, ''] : most < 1e7 ? [1e3, 'thousand '] : [1e6, 'million '];
  const signed = (value, digits) => `${value > 0 ? '+' : ''}${value.toFixed(digits)}`;
  const percent = move => signed(100 * move, 0);

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
    const spotTitle = project([0, -back.y * far, floor]);
    write('Spot, %', spotTitle.x, spotTitle.y + 8, beside(spotTitle), ink);
    const volatilityTitle = project([-back.x * far, 0, floor]);
    write('Volatility, %', volatilityTitle.x, volatilityTitle.y + 8, beside(volatilityTitle), ink);
    const grid = gridOf();
    const [unit, name] = moneyUnit(magnitudeOf(grid));
    write(`Profit, ${name}${data.numeraire}`, 2, FONT + 2, 'left', ink);
    spots.forEach((move, i) => {
      if (i % 3 !== 0) return;
      const point = project([place(spots, i), -back.y * outward, floor]);
      write(percent(move), point.x, point.y + 4, 'center', muted);
    });
    volatilities.forEach((move, j) => {
      if (j % 2 !== 0) return;
      const point = project([-back.x * outward, place(volatilities, j), floor]);
      write(percent(move), point.x, point.y + 4, 'center', muted);
    });
    const most = magnitudeOf(grid);
    const ticks = ticksOf(most);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : most;
    const digits = Math.max(0, -Math.floor(Math.log10(step / unit)));
    // The upright edge that is farthest to the left.
    const edges = [[back.x, -back.y], [-back.x, back.y]].map(([x, y]) => ({x, y, at: project([x, y, 0]).x}));
    const edge = edges[0].at < edges[1].at ? edges[0] : edges[1];
    for (const amount of ticks) {
      const point = project([edge.x, edge.y, amount / most * HEIGHT / 2]);
      write(signed(amount / unit, digits), point.x - 6, point.y + 4, 'right', muted);
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
