(ns photos
  "From a folder of photos to how good they were learnt, a picture, a mesh, and a field that other programs open."
  (:import (java.nio.file Path)
           (java.util.function BooleanSupplier Consumer DoubleConsumer)
           (org.eikonal Device)
           (org.eikonal.studio.demo DemoScene)
           (org.eikonal.studio.export Export PortableField)
           (org.eikonal.studio.image PictureFiles)
           (org.eikonal.studio.recipe Recipes RunOptions)
           (org.eikonal.studio.run Evaluation Evaluation$Listener FieldPictures RunFolder TrainedField TrainingPlan)
           (org.eikonal.studio.scene Scenes Split)))

(defn- train [scene run]
  (let [options (RunOptions/steps 200 (into-array ["samples_per_step=8192"])) ; or (RunOptions/seconds 180 ...)
        plan (TrainingPlan/start run scene (Recipes/usual) options)]
    (with-open [device (.openDevice plan)
                training (.openTraining plan device)]
      (.run training run
            (reify Consumer (accept [_ now] (println "step" (.step now) "loss" (.loss now))))
            (reify BooleanSupplier (getAsBoolean [_] true))))))

(defn- evaluate [field views]
  (Evaluation/of field views nil
                 (reify Evaluation$Listener
                   (measured [_ view _ _] (println (.name view) (.psnr view) "dB")))))

(defn- export [field view ^Path out]
  (PictureFiles/writePng (FieldPictures/rgb (.render field (.camera view))) (.resolve out "picture.png"))
  (println (Export/mesh field (.resolve out "mesh.glb") nil 64 nil nil (reify DoubleConsumer (accept [_ _]))))
  (println (Export/field field (.resolve out "field.safetensors"))))

(defn- ask [file]
  (with-open [device (Device/open)
              scene (PortableField/open device file)]
    (let [points (.points scene (double-array [0 0 -0.8, 1.3 1.3 1.3]))
          [pedestal air] (.density (.field scene) points)]
      (println "density:" pedestal "in the pedestal," air "in the air"))))

(defn -main [folder]
  (let [out (Path/of folder (into-array String []))
        _ (DemoScene/write (.resolve out "scene") 30 5 48) ; or a folder of yours
        scene (Scenes/open (.resolve out "scene"))
        run (RunFolder. (.resolve out "run"))
        held-out (.views scene Split/TEST)]
    (train scene run)
    (with-open [field (TrainedField/open run)]
      (println "held out:" (.psnr (evaluate field held-out)) "dB")
      (export field (first held-out) out))
    (ask (.resolve out "field.safetensors"))))
