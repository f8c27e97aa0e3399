// The same programs in Go. One run is one repetition, after warm-ups; the last line tells its times.
package main

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

func pingPong(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			pong <- <-ping
		}
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
}

func producerConsumer(capacity int) func(int) {
	return func(n int) {
		c := make(chan int, capacity)
		go func() {
			for i := 0; i < n; i++ {
				c <- i
			}
		}()
		for i := 0; i < n; i++ {
			<-c
		}
	}
}

func producers(width, n int) []chan int {
	channels := make([]chan int, width)
	for i := range channels {
		c := make(chan int)
		channels[i] = c
		go func() {
			for i := 0; i < n/width; i++ {
				c <- i
			}
		}()
	}
	return channels
}

func select2(n int) {
	c := producers(2, n)
	for i := 0; i < n/2*2; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		}
	}
}

func select4(n int) {
	c := producers(4, n)
	for i := 0; i < n/4*4; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		}
	}
}

func select8(n int) {
	c := producers(8, n)
	for i := 0; i < n/8*8; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		case <-c[4]:
		case <-c[5]:
		case <-c[6]:
		case <-c[7]:
		}
	}
}

func chain(n int) {
	for round := 0; round < n/10000; round++ {
		chainOnce(10000)
	}
}

func chainOnce(n int) {
	leftmost := make(chan int)
	right := leftmost
	for i := 0; i < n; i++ {
		left, next := right, make(chan int)
		go func() { left <- 1 + <-next }()
		right = next
	}
	last := right
	go func() { last <- 1 }()
	<-leftmost
}

func spawnJoin(n int) {
	var group sync.WaitGroup
	group.Add(n)
	for i := 0; i < n; i++ {
		go func() { group.Done() }()
	}
	group.Wait()
}

func sieve(n int) {
	first := make(chan int)
	go func() {
		for i := 2; ; i++ {
			first <- i
		}
	}()
	source := first
	for i := 0; i < n; i++ {
		prime, from, to := <-source, source, make(chan int)
		go func() {
			for {
				candidate := <-from
				if candidate%prime != 0 {
					to <- candidate
				}
			}
		}()
		source = to
	}
}

func cpu() int64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func main() {
	programs := map[string]struct {
		run     func(int)
		size    int
		warmUps int
	}{
		"ping-pong":      {pingPong, 100000, 3},
		"cap 0":          {producerConsumer(0), 400000, 3},
		"cap 100":        {producerConsumer(100), 1000000, 3},
		"select 2":       {select2, 200000, 3},
		"select 4":       {select4, 200000, 3},
		"select 8":       {select8, 200000, 3},
		"chain":          {chain, 50000, 3},
		"spawn and join": {spawnJoin, 200000, 3},
		// It leaves its goroutines behind, as ours does.
		"sieve": {sieve, 1000, 0},
	}
	program, found := programs[os.Args[1]]
	if !found {
		panic("no program " + os.Args[1])
	}
	for i := 0; i < program.warmUps; i++ {
		program.run(program.size)
	}
	startCPU, start := cpu(), time.Now()
	program.run(program.size)
	wall := time.Since(start).Nanoseconds()
	fmt.Printf("{\"operations\":%d,\"cpuNs\":%d,\"wallNs\":%d,\"answer\":true}\n", program.size, cpu()-startCPU, wall)
}
