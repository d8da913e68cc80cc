(ns clojure-test
  "Neural fields in Clojure: what the API asks of a language that declares no types. Nothing here needs a type hint."
  (:require [clojure.test :refer [deftest is]])
  (:import (org.eikonal Activation Camera Compositing CompositingConfig Device DeviceConfig Encoding EncodingConfig
                        FieldConfig Network NetworkConfig OccupancyConfig OccupancyGrid Optimizer OptimizerConfig Pose
                        RadianceField Rays RenderConfig Renderer Samples SamplerConfig Trainer TrainerConfig Views)))

(defn- grid []
  (-> (EncodingConfig/hashGrid) (.levels 4) (.featuresPerLevel 2) (.log2HashmapSize 10) (.baseResolution 4) .build))

(defn- network []
  (-> (NetworkConfig/builder) (.neurons 16) (.hiddenLayers 1) .build))

(defn- adam []
  (-> (OptimizerConfig/adam) (.learningRate 1e-2) .build))

(defn- radiance []
  (-> (FieldConfig/builder)
      (.encoding (grid))
      (.network (network))
      (.directionEncoding (EncodingConfig/sphericalHarmonics 2))
      (.colorNetwork (network))
      .build))

(deftest a-field-learns-a-function-under-a-loss-written-here
  (with-open [device (Device/open (DeviceConfig/cpu))
              field (Network/create device (grid) (network) 2 1 42)
              optimizer (Optimizer/create field (adam))]
    (let [points (float-array (map #(mod (* % 0.618034) 1) (range 512)))
          truth (map (fn [[x y]] (* x y)) (partition 2 points))
          losses (mapv (fn [step]
                         (let [errors (map - (.forward field points) truth)]
                           (.backwardToParameters field points (float-array (map #(/ (* 2 %) 256) errors)))
                           (.step optimizer (/ step 100.0))
                           (/ (reduce + (map #(* % %) errors)) 256)))
                       (range 100))]
      (is (< (peek losses) (/ (first losses) 10))))))

(deftest encodings-come-together
  (with-open [device (Device/open (DeviceConfig/cpu))
              encoding (Encoding/create device
                                        (-> (EncodingConfig/composite)
                                            (.add 2 (EncodingConfig/identity))
                                            (.add 3 (EncodingConfig/sphericalHarmonics 2))
                                            .build)
                                        5 0)]
    (is (= 6 (.outputs encoding)))
    (is (= [0.25 0.5] (take 2 (.forward encoding (float-array [0.25 0.5 0 0 1])))))))

(deftest samples-are-composited
  (with-open [device (Device/open (DeviceConfig/cpu))]
    (let [samples (Samples/between (Rays. (float-array 3) (float-array [0 0 1])) (float-array [1 2 3]))
          compositing (Compositing/create device (-> (CompositingConfig/builder)
                                                     (.densityActivation Activation/NONE)
                                                     .build))
          density (float-array [0.5 1])
          values (float-array [1 0])
          seen (.forward compositing samples density values 1 nil)
          back (.backward compositing samples density values 1 nil (float-array [1]) nil nil)]
      (is (< (abs (- 1 (Math/exp -0.5) (first (.color seen)))) 1e-6))
      (is (< (abs (- 1 (Math/exp -1.5) (first (.opacity seen)))) 1e-6))
      (is (= (seq (.weights seen)) (seq (.values back)))))))

(deftest a-radiance-field-is-queried-at-points
  (with-open [device (Device/open (DeviceConfig/cpu))
              field (RadianceField/create device (radiance) 1)]
    (let [points (float-array [0.1 0.2 0.3 0.4 0.5 0.6])]
      (is (every? pos? (.density field points)))
      (is (= 6 (count (.color field points (float-array [0 0 1 0 1 0]))))))))

(deftest a-trainer-learns-red-pictures
  (let [size 16
        red (byte-array (mapcat identity (repeat (* size size) [-1 0 0 -1])))
        camera (fn [i]
                 (let [eye (double-array [(+ 0.5 (* 1.2 (Math/cos i))) 0.5 (+ 0.5 (* 1.2 (Math/sin i)))])]
                   (Camera/perspective size size 20
                                       (Pose/lookAt eye (double-array [0.5 0.5 0.5]) (double-array [0 1 0])))))
        training (-> (TrainerConfig/builder)
                     (.samplesPerStep 2048)
                     (.sampler (-> (SamplerConfig/builder) (.steps 64) .build))
                     .build)]
    (with-open [device (Device/open (DeviceConfig/cpu))
                field (RadianceField/create device (radiance) 1)
                optimizer (Optimizer/create field (adam))
                occupancy (OccupancyGrid/create device (-> (OccupancyConfig/builder) (.resolution 16) .build))
                views (Views/create device 4)]
      (dotimes [i 4]
        (.set views i (camera i) red))
      (with-open [trainer (Trainer/create field optimizer occupancy views training)]
        (let [losses (mapv #(.step trainer % (/ % 50.0)) (range 50))]
          (is (< (peek losses) (/ (first losses) 2)))))
      (let [renderer (Renderer/create field occupancy (-> (RenderConfig/builder) (.background 0 0 0) .build))
            picture (.render renderer (camera 0))]
        (is (= (* size size 3) (count (.color picture))))))))
